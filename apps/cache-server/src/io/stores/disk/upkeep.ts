import type { JournalRecord } from '../../../core/journal/record.ts'
import { keyOf } from '../../../core/key.ts'
import { removeUnneeded } from './change.ts'
import { dropDamaged } from './drop.ts'
import type { Parts } from './parts.ts'

/** What the store does by itself from time to time. */
export interface Upkeep {
  /** Ends it, and writes the times of last use. */
  readonly stop: () => Promise<void>
}

const MINUTE = 60_000
const SWEEP_EVERY = 6 * 60 * MINUTE
/** Uses that one line of the journal holds. */
const USES_PER_LINE = 256
/** A journal is compacted when it has so many lines beyond two for each row. */
const SPARE_LINES = 10_000

/** Sweeps at once and every six hours; writes uses, compacts and refills the reserve every minute. */
export function startUpkeep(parts: Parts): Upkeep {
  let isStopping = false
  let running: Promise<unknown> = Promise.resolve()
  const run = (work: () => Promise<unknown>): void => {
    running = running.then(work).catch((error: unknown) => {
      parts.onEvent({ kind: 'upkeep-failed', reason: error instanceof Error ? error.message : String(error) })
    })
  }
  const sweepNow = (): void => run(async () => sweep(parts, () => isStopping))
  const minute = (): void =>
    run(async () => {
      await writeUses(parts)
      await parts.journal.refill()
      if (parts.journal.lines() > 2 * parts.rows.size() + SPARE_LINES) await parts.journal.compact(() => snapshot(parts))
    })
  sweepNow()
  const timers = [setInterval(minute, MINUTE).unref(), setInterval(sweepNow, SWEEP_EVERY).unref()]
  return {
    stop: async () => {
      isStopping = true
      for (const timer of timers) clearInterval(timer)
      run(async () => writeUses(parts))
      await running
    },
  }
}

/** Removes bytes without a row, and rows without bytes. */
async function sweep(parts: Parts, isStopping: () => boolean): Promise<void> {
  const { blobs, onEvent, rows } = parts
  const present = new Set<string>()
  let count = 0
  for await (const digest of blobs.digests()) {
    if (isStopping()) return
    present.add(digest)
    if (rows.references(digest) === 0 && (await removeUnneeded(parts, digest))) count += 1
  }
  if (count > 0) onEvent({ kind: 'orphans-removed', count })
  for (const { entry } of rows.all()) {
    if (isStopping()) return
    if (entry.size === 0 || present.has(entry.digest) || (await blobs.has(entry.digest))) continue
    await dropDamaged(parts, entry.digest, entry.size)
  }
}

async function writeUses({ journal, touched }: Parts): Promise<void> {
  const rows = [...touched]
  touched.clear()
  for (let at = 0; at < rows.length; at += USES_PER_LINE) {
    const part = rows.slice(at, at + USES_PER_LINE)
    try {
      await journal.append({ op: 'used', uses: part.map(({ entry, used }) => [keyOf(entry), used]) })
    } catch (error) {
      for (const row of rows.slice(at)) touched.add(row)
      throw error
    }
  }
}

function* snapshot({ rows }: Parts): Generator<JournalRecord> {
  for (const { entry, used } of rows.all()) yield { op: 'put', entry, used }
}
