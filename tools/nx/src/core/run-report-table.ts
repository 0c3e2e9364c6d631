import { alignedRows, by } from '@interlock/kit'
import { durationOfTask, type TaskReport } from './run-report.ts'

/** Milliseconds that the run which filled the cache took, by `durationKey`. */
export type Durations = Readonly<Record<string, number>>

/** Entries beyond this are dropped, oldest first. */
const MAX_DURATIONS = 20_000

/** The key of a task's measured duration; `undefined` when the task has no hash. */
export function durationKey(task: Pick<TaskReport, 'id' | 'hash'>): string | undefined {
  return task.hash === undefined ? undefined : `${task.id} ${task.hash}`
}

/** The table of durations after a run: what really ran and passed is measured, cached tasks keep what is known. */
export function withMeasured(known: Durations, tasks: readonly TaskReport[]): Durations {
  const measured = tasks.flatMap((task): [string, number][] => {
    const key = durationKey(task)
    const duration = durationOfTask(task)
    return key === undefined || duration === undefined || task.cached || task.outcome !== 'passed' ? [] : [[key, duration]]
  })
  const fresh = new Set(measured.map(([key]) => key))
  const kept = Object.entries(known).filter(([key]) => !fresh.has(key))
  return Object.fromEntries([...kept, ...measured].slice(-MAX_DURATIONS))
}

/** Milliseconds that the cache saved for one task; `unknown` when the work was never measured in this clone. */
export function savedBy(task: TaskReport, known: Durations): number | 'unknown' | undefined {
  if (!task.cached) return undefined
  const key = durationKey(task)
  return (key === undefined ? undefined : known[key]) ?? 'unknown'
}

const HEADINGS = ['project', 'target', 'result', 'time', 'cached', 'time saved'] as const

/** The table at the end of a run: one line per task, what is not green last, so that it stands beside the prompt. */
export function renderTable(tasks: readonly TaskReport[], known: Durations): string {
  const ordered = [...tasks].sort(by((task) => `${task.outcome === 'passed' ? 0 : 1} ${task.project} ${task.target}`))
  const rows = ordered.map((task) => [
    task.project,
    task.target,
    task.outcome,
    seconds(task.cached ? undefined : durationOfTask(task)),
    task.cached ? 'yes' : 'no',
    savedText(savedBy(task, known)),
  ])
  return alignedRows([HEADINGS, 'rule', ...rows]).join('\n')
}

/** Milliseconds as a person reads them: `0.4 s`, `12.0 s`, `3 min 20 s`. */
export function seconds(milliseconds: number | undefined): string {
  if (milliseconds === undefined) return '-'
  if (milliseconds < 60_000) return `${(milliseconds / 1000).toFixed(1)} s`
  const whole = Math.round(milliseconds / 1000)
  return `${Math.floor(whole / 60)} min ${whole % 60} s`
}

function savedText(saved: number | 'unknown' | undefined): string {
  return saved === 'unknown' ? saved : seconds(saved)
}
