import {
  evaluateCondition,
  interpolate,
  interpolateAll,
  isTruthy,
  NotEvaluableError,
  type Scope,
  valueOf,
} from '../../core/simulate/expression.ts'
import { PartlyKnown } from '../../core/simulate/context-data.ts'
import type { Result, Step } from '../../core/simulate/model.ts'
import type { StepReport } from '../../core/simulate/report.ts'
import { type Frame, scopeOf, variablesOf } from './frame.ts'
import { runCommand } from './run-command.ts'
import { runAction } from './run-action.ts'

/** What a step did, before `continue-on-error` counts. */
export interface StepEnd {
  readonly mode: StepReport['mode']
  readonly outcome: Result
  /** `PartlyKnown` where nobody knows them all. */
  readonly outputs: unknown
  readonly note?: string
  readonly tail?: string
  readonly summary?: string
  readonly steps?: readonly StepReport[]
}

/** Runs steps one after the other, as their conditions say, and keeps in the frame what they leave. */
export async function runSteps(frame: Frame, steps: readonly Step[]): Promise<StepReport[]> {
  const reports: StepReport[] = []
  for (const step of steps) reports.push(await runStep(frame, step))
  return reports
}

async function runStep(frame: Frame, step: Step): Promise<StepReport> {
  const end = await attempt(frame, step)
  const conclusion = end.outcome === 'failure' && forgives(frame, step) ? 'success' : end.outcome
  if (step.id !== undefined) {
    frame.steps = { ...frame.steps, [step.id]: { outputs: end.outputs, outcome: end.outcome, conclusion } }
  }
  if (conclusion === 'cancelled') frame.status = 'cancelled'
  if (conclusion === 'failure' && frame.status === 'success') frame.status = 'failure'
  const { outputs: _, ...told } = end
  return { name: nameOf(frame, step), what: whatOf(step), conclusion, ...told }
}

/** An expression that has no value fails the step, as it does on GitHub. */
async function attempt(frame: Frame, step: Step): Promise<StepEnd> {
  try {
    const env = interpolateAll(step.env, scopeOf(frame))
    const scope = scopeOf(frame, env)
    if (!evaluateCondition(step.if, withoutSecrets(scope)).holds) return { mode: 'skipped', outcome: 'skipped', outputs: {} }
    if (step.work.kind === 'uses') return await runAction(frame, step.work, { scope, env })
    return frame.real ? await command(frame, step, { scope, env }) : notRun()
  } catch (error) {
    if (!(error instanceof NotEvaluableError)) throw error
    return { mode: 'real', outcome: 'failure', outputs: {}, note: error.message }
  }
}

/** GitHub gives no secret to a condition. */
function withoutSecrets(scope: Scope): Scope {
  const { secrets: _, ...contexts } = scope.contexts
  return { ...scope, contexts }
}

function notRun(): StepEnd {
  return {
    mode: 'stand-in',
    outcome: 'success',
    outputs: new PartlyKnown({}, 'its command was not run'),
    note: 'not run: control flow only',
  }
}

async function command(
  frame: Frame,
  step: Step,
  { scope, env }: { readonly scope: Scope; readonly env: Readonly<Record<string, string>> },
): Promise<StepEnd> {
  if (step.work.kind !== 'run') throw new TypeError('a step that uses an action has no command')
  const { machine, defaults } = frame
  const {
    outcome,
    timedOut,
    note,
    tail,
    summary,
    outputs,
    env: given,
    paths,
  } = await runCommand(machine.simulation.machine, {
    script: interpolate(step.work.script, scope),
    shell: interpolate(step.work.shell ?? defaults.shell ?? '', scope),
    workingDirectory: interpolate(step.work.workingDirectory ?? defaults.workingDirectory ?? '.', scope),
    workspace: machine.simulation.workspace,
    variables: variablesOf(frame, env),
    timeoutMs: timeLeft(frame, step, scope),
  })
  machine.env = { ...machine.env, ...given }
  machine.paths = [...paths, ...machine.paths]
  const overtime = timedOut && performance.now() >= machine.deadline
  return {
    mode: 'real',
    outcome: overtime ? 'cancelled' : outcome,
    outputs,
    ...(note === undefined ? {} : { note: overtime ? 'the job did not end within its time' : note }),
    ...(tail === undefined ? {} : { tail }),
    ...(summary === '' ? {} : { summary }),
  }
}

const MINUTE_MS = 60_000
/** GitHub gives steps that run in spite of a cancellation this long. */
const AFTER_CANCELLATION_MS = 5 * MINUTE_MS

function timeLeft(frame: Frame, step: Step, scope: Scope): number {
  const left = frame.status === 'cancelled' ? AFTER_CANCELLATION_MS : Math.max(1, frame.machine.deadline - performance.now())
  return step.timeoutMinutes === undefined ? left : Math.min(left, minutes(valueOf(step.timeoutMinutes, scope)))
}

/** Milliseconds of `timeout-minutes`. Throws `NotEvaluableError` for what is no time. */
export function minutes(value: unknown): number {
  const number = Number(value)
  if (!(number > 0)) throw new NotEvaluableError(`timeout-minutes is ${JSON.stringify(value)}, which is no time`)
  return number * MINUTE_MS
}

function forgives(frame: Frame, step: Step): boolean {
  if (step.continueOnError === undefined) return false
  try {
    return isTrue(valueOf(step.continueOnError, scopeOf(frame)))
  } catch (error) {
    if (error instanceof NotEvaluableError) return false
    throw error
  }
}

/** A text of YAML, or the value of an expression, as a yes or no. */
export function isTrue(value: unknown): boolean {
  return value !== 'false' && isTruthy(value)
}

function nameOf(frame: Frame, step: Step): string {
  try {
    return step.name === undefined ? whatOf(step) : interpolate(step.name, scopeOf(frame))
  } catch (error) {
    if (error instanceof NotEvaluableError) return step.name ?? whatOf(step)
    throw error
  }
}

function whatOf({ work }: Step): string {
  return work.kind === 'uses' ? work.action : (work.script.trim().split('\n', 1)[0] ?? '')
}
