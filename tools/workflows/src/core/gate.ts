import { otherCommit } from '@interlock/nx/run-plan'
import { type ExpectedRun, type Needs, PLAN_OUTPUT } from './needs.ts'

/** The job, and with it the check, that a branch requires. */
export const GATE = 'gate'

/** What the gate says of one job, in one sentence. */
export interface JobVerdict {
  readonly job: string
  readonly green: boolean
  readonly sentence: string
}

export interface GateVerdict {
  readonly green: boolean
  /** In the order of the jobs; jobs that the plan expected and nobody ran come last. */
  readonly jobs: readonly JobVerdict[]
}

export interface GateInput {
  readonly needs: Needs
  /** The job that planned the run; `undefined` where the workflow has no plan. */
  readonly planJob: string | undefined
  /** What the plan said of each job; `undefined` where there is none. */
  readonly expected: ExpectedRun | undefined
  /** Full id of the commit that is judged; `undefined` where there is none. */
  readonly commit: string | undefined
}

/**
 * Judges a run of CI: green only when every job succeeded, or was skipped and the plan had said that there is no work for
 * it. Whatever is not known is red.
 */
export function judgeRun({ needs, planJob, expected, commit }: GateInput): GateVerdict {
  const judged = Object.entries(needs).map(([job, { result }]) => verdictOf(job, result, planOf(job)))
  const missing = Object.keys(expected?.jobs ?? {})
    .filter((job) => !Object.hasOwn(needs, job))
    .map((job) => red(job, 'is in the plan, but the gate does not need it: its result is not known'))
  const unplanned =
    planJob !== undefined && !Object.hasOwn(needs, planJob)
      ? [red(planJob, 'planned the run, but the gate does not need it')]
      : []
  const other = planJob === undefined || expected === undefined ? undefined : otherCommit(expected.commit, commit)
  const foreign = planJob === undefined || other === undefined ? [] : [red(planJob, `cannot be used: ${other}`)]
  const nothing = Object.keys(needs).length === 0 ? [red(GATE, 'needs no job, so nothing was checked')] : []
  const jobs = [...judged, ...missing, ...unplanned, ...foreign, ...nothing]
  return { green: jobs.every(({ green }) => green), jobs }

  function planOf(job: string): Plan {
    if (job === planJob) return expected === undefined ? 'unreadable' : 'is-plan'
    if (expected === undefined || !Object.hasOwn(expected.jobs, job)) return 'always'
    return expected.jobs[job] ?? 'always'
  }
}

/** What is known of a job before it ran. `always`: no plan speaks of it, so it has to run. */
type Plan = 'run' | 'empty' | 'always' | 'is-plan' | 'unreadable'

function verdictOf(job: string, result: string, plan: Plan): JobVerdict {
  switch (result) {
    case 'success':
      return plan === 'unreadable'
        ? red(job, `succeeded, but gave no "${PLAN_OUTPUT}": what had to run is not known`)
        : passed(job, plan)
    case 'skipped':
      return plan === 'empty'
        ? { job, green: true, sentence: 'was skipped: the plan has no work for it' }
        : red(job, skipped(plan))
    case 'failure':
      return red(job, 'failed')
    case 'cancelled':
      return red(job, 'was cancelled: what it had not done yet is not known')
    default:
      return red(job, `ended with the unknown result ${JSON.stringify(result)}`)
  }
}

function passed(job: string, plan: Plan): JobVerdict {
  return { job, green: true, sentence: plan === 'empty' ? 'succeeded, although the plan has no work for it' : 'succeeded' }
}

function skipped(plan: Plan): string {
  if (plan === 'run') return 'was skipped, although the plan has work for it'
  if (plan === 'always') return 'was skipped, and no plan says that it has no work'
  return 'was skipped, so nothing was planned'
}

function red(job: string, sentence: string): JobVerdict {
  return { job, green: false, sentence }
}
