import { evaluateCondition, type ExpressionFunction, NotEvaluableError } from './expression.ts'
import { type Injection, injectionText } from './injection.ts'
import type { Leg } from './matrix.ts'
import type { Job, Result, Workflow } from './model.ts'
import { statusAfterJobs } from './status-functions.ts'
import { deepValueOf, isTruthy, valueOf } from './expression.ts'
import { legsOf } from './matrix.ts'

/** What is known of a job that has ended. */
export interface EndedJob {
  readonly id: string
  /** What other jobs see. */
  readonly result: Result
  readonly outputs: Readonly<Record<string, string>>
}

/** What becomes of a job whose needs have all ended. */
export type JobDecision =
  /** `without`: no machine starts, and this is the result. */
  | { readonly kind: 'without'; readonly result: Result; readonly reason: string; readonly injected: boolean }
  | { readonly kind: 'start'; readonly legs: readonly Leg[]; readonly failFast: boolean }

export interface DecisionInput {
  readonly job: Job
  readonly workflow: Workflow
  readonly ended: ReadonlyMap<string, EndedJob>
  /** The contexts that are the same for every job: `github`, `inputs`, `vars`. */
  readonly contexts: Readonly<Record<string, unknown>>
  readonly injections: readonly Injection[]
}

/** The first job, in the order of the file, that may start: all that it needs has ended. */
export function nextJob({ jobs }: Workflow, ended: ReadonlyMap<string, EndedJob>): Job | undefined {
  return jobs.find(({ id, needs }) => !ended.has(id) && needs.every((need) => ended.has(need)))
}

/** Decides about a job as GitHub does: its condition first, then its matrix. Injected results come in between. */
export function decideJob(input: DecisionInput): JobDecision {
  try {
    const refused = conditionRefusal(input)
    if (refused !== undefined) return without('skipped', refused)
    const whole = input.injections.find(({ job, leg }) => job === input.job.id && leg === undefined)
    if (whole !== undefined) return { ...without(whole.result, `given with ${injectionText(whole)}`), injected: true }
    return started(input)
  } catch (error) {
    if (error instanceof NotEvaluableError) return without('failure', error.message)
    throw error
  }
}

/** The context `needs` of a job: what it needs itself, and nothing beyond. */
export function needsContext({ needs }: Job, ended: ReadonlyMap<string, EndedJob>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    needs.map((need) => {
      const { result, outputs } = ended.get(need) ?? { result: 'skipped', outputs: {} }
      return [need, { result, outputs }]
    }),
  )
}

/** The result of a job from those of its machines. */
export function resultOfLegs(results: readonly Result[]): Result {
  if (results.includes('failure')) return 'failure'
  return results.includes('cancelled') ? 'cancelled' : 'success'
}

function conditionRefusal(input: DecisionInput): string | undefined {
  const { job, ended } = input
  const ancestors = ancestorsOf(input)
  const { holds, statusNamed } = evaluateCondition(job.if, { contexts: contextsOf(input), functions: functionsOf(input) })
  if (holds) return undefined
  const bad = ancestors.find((id) => ended.get(id)?.result !== 'success')
  if (!statusNamed && bad !== undefined) return `${bad} ended with ${ended.get(bad)?.result ?? 'no result'}`
  return `its condition does not hold: ${job.if ?? 'success()'}`
}

function started(input: DecisionInput): JobDecision {
  const { job } = input
  const scope = { contexts: contextsOf(input) }
  return {
    kind: 'start',
    legs: legsOf(job.matrix === undefined ? undefined : deepValueOf(job.matrix, scope)),
    failFast: job.failFast === undefined || isTrue(valueOf(job.failFast, scope)),
  }
}

function isTrue(value: unknown): boolean {
  return value !== 'false' && isTruthy(value)
}

function contextsOf({ job, ended, contexts }: DecisionInput): Readonly<Record<string, unknown>> {
  return { ...contexts, needs: needsContext(job, ended) }
}

function functionsOf(input: DecisionInput): ExpressionFunction[] {
  return statusAfterJobs(ancestorsOf(input).map((id) => input.ended.get(id)?.result ?? 'skipped'))
}

/** Every job before this one, nearest first. */
function ancestorsOf({ job, workflow }: DecisionInput): readonly string[] {
  const found = new Set<string>()
  const open = [...job.needs]
  for (let id = open.shift(); id !== undefined; id = open.shift()) {
    if (found.has(id)) continue
    found.add(id)
    open.push(...(workflow.jobs.find((each) => each.id === id)?.needs ?? []))
  }
  return [...found]
}

function without(result: Result, reason: string): Extract<JobDecision, { kind: 'without' }> {
  return { kind: 'without', result, reason, injected: false }
}
