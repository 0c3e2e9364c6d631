import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { removeIfThere } from '@interlock/kit/system'
import type { RunSummary } from '../core/run-summary.ts'

/** Where a workspace keeps what belongs to the cache's client: handshakes, large bodies, the last summary. */
export function cacheFolder(root: string): string {
  return join(root, '.nx', 'interlock', 'cache')
}

/** Keeps the summary of a run. A folder that cannot be written costs `cache status`, not the run. */
export function writeSummary(root: string, summary: RunSummary): void {
  const file = summaryFile(root)
  const unfinished = `${file}.${process.pid}`
  try {
    mkdirSync(cacheFolder(root), { recursive: true, mode: 0o700 })
    writeFileSync(unfinished, `${JSON.stringify(summary, null, 2)}\n`)
    renameSync(unfinished, file)
  } catch {
    removeIfThere(unfinished)
  }
}

/** The summary of the last run with a cache; `undefined` when there was none, or the file is damaged. */
export function readSummary(root: string): RunSummary | undefined {
  try {
    const summary = JSON.parse(readFileSync(summaryFile(root), 'utf8')) as RunSummary
    return summary.version === 1 ? summary : undefined
  } catch {
    return undefined
  }
}

function summaryFile(root: string): string {
  return join(cacheFolder(root), 'last-run.json')
}
