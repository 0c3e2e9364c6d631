import { byText } from '@interlock/kit'

/** One run of a workflow; its times are those of its last attempt, in milliseconds. */
export interface Run {
  /** `ci.yml` */
  readonly workflow: string
  readonly event: string
  readonly branch: string | null
  readonly status: string | null
  readonly conclusion: string | null
  readonly attempt: number
  readonly startedAt: number | undefined
  readonly endedAt: number
}

/** What became of the runs of one workflow. Times in seconds; `undefined` where no run was green. */
export interface WorkflowSummary {
  readonly workflow: string
  readonly runs: number
  readonly green: number
  readonly red: number
  /** Cancelled, skipped, still running: they say nothing. */
  readonly other: number
  /** Green, but not at the first attempt: nothing had changed in between. */
  readonly repeated: number
  readonly median: number | undefined
  /** Of a hundred green runs, five take longer. */
  readonly slow: number | undefined
}

/** The workflows that ran, by name. */
export function summarize(runs: readonly Run[]): WorkflowSummary[] {
  const byWorkflow = new Map<string, Run[]>()
  for (const run of runs) byWorkflow.set(run.workflow, [...(byWorkflow.get(run.workflow) ?? []), run])
  return [...byWorkflow].sort(([left], [right]) => byText(left, right)).map(([workflow, own]) => summaryOf(workflow, own))
}

function summaryOf(workflow: string, runs: readonly Run[]): WorkflowSummary {
  const green = runs.filter(isGreen)
  const red = runs.filter(({ conclusion }) => conclusion === 'failure' || conclusion === 'timed_out').length
  const seconds = green.flatMap(secondsOf).sort((left, right) => left - right)
  return {
    workflow,
    runs: runs.length,
    green: green.length,
    red,
    other: runs.length - green.length - red,
    repeated: green.filter(({ attempt }) => attempt > 1).length,
    median: quantile(seconds, 0.5),
    slow: quantile(seconds, 0.95),
  }
}

/** When the newest run that judged the branch itself ended, in milliseconds; `undefined` where none did. */
export function lastJudged(
  runs: readonly Run[],
  { workflow, branch }: { readonly workflow: string; readonly branch: string },
): number | undefined {
  const times = runs
    .filter((run) => run.workflow === workflow && run.branch === branch && JUDGING.has(run.event))
    .filter(({ status, conclusion }) => status === 'completed' && conclusion !== 'cancelled')
    .map(({ endedAt }) => endedAt)
  return times.length === 0 ? undefined : Math.max(...times)
}

/** A pull request is judged with what it would be merged into, which is another commit. */
const JUDGING: ReadonlySet<string> = new Set(['push', 'schedule'])

function isGreen({ status, conclusion }: Run): boolean {
  return status === 'completed' && conclusion === 'success'
}

function secondsOf({ startedAt, endedAt }: Run): number[] {
  return startedAt === undefined || endedAt < startedAt ? [] : [(endedAt - startedAt) / 1000]
}

/** The value that so large a part of the sorted values does not exceed. */
function quantile(sorted: readonly number[], part: number): number | undefined {
  return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)]
}
