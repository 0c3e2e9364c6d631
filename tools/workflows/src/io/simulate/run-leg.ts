import { interpolate, interpolateAll, NotEvaluableError, valueOf } from '../../core/simulate/expression.ts'
import { runsForReal } from '../../core/simulate/control-flow.ts'
import { type Leg, legName } from '../../core/simulate/matrix.ts'
import type { Job, Workflow } from '../../core/simulate/model.ts'
import type { LegReport, StepReport } from '../../core/simulate/report.ts'
import { type Frame, type MachineState, scopeOf, type Simulation } from './frame.ts'
import { isTrue, minutes, runSteps } from './run-steps.ts'

/** GitHub's own time for a job that names none. */
const DEFAULT_MINUTES = 360

/** What became of one machine, and what it tells later jobs. */
export interface LegEnd {
  readonly report: LegReport
  readonly outputs: Readonly<Record<string, string>>
  /** Whether its failure counts as a success for everything after it. */
  readonly forgiven: boolean
}

export interface LegInput {
  readonly job: Job
  readonly leg: Leg
  readonly workflow: Workflow
  /** `github`, `needs`, `inputs`, `vars`, `secrets`, `runner`. */
  readonly contexts: Readonly<Record<string, unknown>>
  readonly failFast: boolean
}

/** Runs the steps of a job on one machine of its matrix. */
export async function runLeg(simulation: Simulation, input: LegInput): Promise<LegEnd> {
  const { job, leg, failFast } = input
  const contexts = {
    ...input.contexts,
    matrix: leg.matrix,
    strategy: { 'fail-fast': failFast, 'job-index': leg.index, 'job-total': leg.total, 'max-parallel': leg.total },
  }
  const early = withoutKeys(contexts, ['runner'])
  const named = { name: legName(job.id, leg), title: job.id }
  try {
    const workflowEnv = interpolateAll(input.workflow.env, { contexts: withoutKeys(early, ['needs', 'matrix', 'strategy']) })
    const jobEnv = interpolateAll(job.env, { contexts: early })
    const title = job.name === undefined ? named.name : interpolate(job.name, { contexts: withoutKeys(early, ['secrets']) })
    const machine: MachineState = {
      simulation,
      job,
      env: { ...workflowEnv, ...jobEnv },
      paths: [],
      deadline:
        performance.now() +
        minutes(job.timeoutMinutes === undefined ? DEFAULT_MINUTES : valueOf(job.timeoutMinutes, { contexts: early })),
    }
    const frame: Frame = {
      machine,
      contexts,
      defaults: job.defaults,
      real: runsForReal(simulation.mode, job),
      depth: 0,
      steps: {},
      status: 'success',
    }
    const forgives = job.continueOnError !== undefined && isTrue(valueOf(job.continueOnError, { contexts: early }))
    const steps = await runSteps(frame, job.steps)
    return { ...ended(frame, steps, { name: named.name, title }), forgiven: forgives && frame.status === 'failure' }
  } catch (error) {
    if (!(error instanceof NotEvaluableError)) throw error
    return { report: { ...named, outcome: 'failure', reason: error.message, steps: [] }, outputs: {}, forgiven: false }
  }
}

/** Outputs are read at the end, whatever became of the steps; one that has no value fails the job. */
function ended(
  frame: Frame,
  steps: readonly StepReport[],
  { name, title }: { readonly name: string; readonly title: string },
): Omit<LegEnd, 'forgiven'> {
  const bad = steps.find(({ conclusion }) => conclusion === 'failure' || conclusion === 'cancelled')
  const reason = bad === undefined ? {} : { reason: `the step ${JSON.stringify(bad.name)}: ${bad.note ?? bad.conclusion}` }
  try {
    const outputs = interpolateAll(frame.machine.job.outputs, scopeOf(frame))
    return { report: { name, title, outcome: frame.status, steps, ...reason }, outputs }
  } catch (error) {
    if (!(error instanceof NotEvaluableError)) throw error
    frame.status = 'failure'
    return { report: { name, title, outcome: 'failure', steps, reason: `its outputs: ${error.message}` }, outputs: {} }
  }
}

function withoutKeys(contexts: Readonly<Record<string, unknown>>, names: readonly string[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(contexts).filter(([name]) => !names.includes(name)))
}
