import { readFileSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { type ErrorCode, InterlockError } from '@interlock/kit'
import { type FinishedRun, parseRunReport, reportOf, type RunReport } from '../core/run-report.ts'
import type { Durations } from '../core/run-report-table.ts'
import { writeWhole } from './write-whole.ts'

const FILE_VARIABLE = 'INTERLOCK_RUN_REPORT'
const ROOT_VARIABLE = 'INTERLOCK_RUN_ROOT'

/** What a run of the workspace `root` is told, so that it reports in `file`. */
export function askForReport(file: string, root: string): Readonly<Record<string, string>> {
  return { [FILE_VARIABLE]: file, [ROOT_VARIABLE]: realpathSync(root) }
}

/**
 * The file in which a run of the workspace `root` is to report; `undefined` when nobody asked. Tasks inherit the environment:
 * a run that one of them starts in another workspace was not asked.
 */
export function requestedReport(env: Readonly<Record<string, string | undefined>>, root: string): string | undefined {
  const { [FILE_VARIABLE]: file = '', [ROOT_VARIABLE]: asked } = env
  return file !== '' && asked === realpathSync(root) ? file : undefined
}

/** Writes the report of a finished run to `file`. Called by the plugin's `postTasksExecution`. */
export function writeRunReport(run: FinishedRun, file: string): void {
  writeWhole(file, `${JSON.stringify(reportOf(run), null, 2)}\n`)
}

/** The report in `file`; `undefined` when Nx ended before it wrote one. */
export function readRunReport(file: string): RunReport | undefined {
  const text = readIfThere(file)
  return text === undefined ? undefined : parseRunReport(text)
}

/** Tells the command that asked for a report in `file` why its run was refused. Called by the plugin's `preTasksExecution`. */
export function writeRefusal({ code, reason, hint }: InterlockError, file: string): void {
  writeWhole(refusalFile(file), JSON.stringify({ code, reason, hint }))
}

/** Why the run that was to report in `file` was refused; `undefined` when it was not. */
export function readRefusal(file: string): InterlockError | undefined {
  const text = readIfThere(refusalFile(file))
  if (text === undefined) return undefined
  const { code, reason, hint } = JSON.parse(text) as Pick<InterlockError, 'reason' | 'hint'> & { readonly code: ErrorCode }
  return new InterlockError(code, reason, { hint })
}

function refusalFile(report: string): string {
  return `${report}.refused`
}

/** Measured durations of this clone; empty when there are none or the file is damaged, because it only tells what was saved. */
export function readDurations(root: string): Durations {
  try {
    const parsed: unknown = JSON.parse(readIfThere(durationsFile(root)) ?? '{}')
    if (typeof parsed !== 'object' || parsed === null) return {}
    return Object.fromEntries(Object.entries(parsed).filter((entry): entry is [string, number] => typeof entry[1] === 'number'))
  } catch {
    return {}
  }
}

/** Keeps measured durations. A folder that cannot be written costs the next run's `time saved`, not this run. */
export function writeDurations(root: string, durations: Durations): void {
  try {
    writeWhole(durationsFile(root), `${JSON.stringify(durations)}\n`)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error
  }
}

function durationsFile(root: string): string {
  return join(root, '.nx', 'interlock', 'durations.json')
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
