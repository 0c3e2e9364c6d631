import type { ExpressionFunction, Scope } from '../../core/simulate/expression.ts'
import type { SimulatedEvent } from '../../core/simulate/event.ts'
import type { Mode } from '../../core/simulate/control-flow.ts'
import type { Job, Result, RunDefaults } from '../../core/simulate/model.ts'
import { githubVariables } from '../../core/simulate/github-context.ts'
import { statusWithin } from '../../core/simulate/status-functions.ts'
import type { Machine } from './environment.ts'

/** What all jobs of a simulation share. */
export interface Simulation {
  readonly machine: Machine
  readonly workspace: string
  readonly mode: Mode
  readonly event: SimulatedEvent
  /** Variables of the machine, without those of GitHub and of the workflow. */
  readonly variables: Readonly<Record<string, string>>
  readonly hashFiles: ExpressionFunction
}

/** What the steps of one machine change for those after them, also from within an action. */
export interface MachineState {
  readonly simulation: Simulation
  readonly job: Job
  env: Readonly<Record<string, string>>
  paths: readonly string[]
  /** Milliseconds, on the clock of `performance`, at which the job is cancelled. */
  readonly deadline: number
}

/** One list of steps: those of a job, or those of an action within it. */
export interface Frame {
  readonly machine: MachineState
  /** Contexts that do not change: `github`, `needs`, `matrix`, `inputs` and the like. */
  readonly contexts: Readonly<Record<string, unknown>>
  readonly defaults: RunDefaults
  /** Whether `run` steps run. */
  readonly real: boolean
  /** Actions around these steps. */
  readonly depth: number
  /** The context `steps`. */
  steps: Readonly<Record<string, unknown>>
  /** What `success()` and its like judge. */
  status: Result
}

/** What the expressions of a step may name. */
export function scopeOf(frame: Frame, stepEnv: Readonly<Record<string, string>> = {}): Scope {
  const { machine, contexts, steps, status } = frame
  return {
    contexts: { ...contexts, env: { ...machine.env, ...stepEnv }, steps, job: { status } },
    functions: [...statusWithin(status), machine.simulation.hashFiles],
  }
}

/** The variables of a command. */
export function variablesOf(frame: Frame, stepEnv: Readonly<Record<string, string>>): Record<string, string> {
  const { machine, contexts } = frame
  const { variables } = machine.simulation
  const separator = process.platform === 'win32' ? ';' : ':'
  return {
    ...variables,
    ...machine.env,
    ...stepEnv,
    ...githubVariables(contexts['github'] as Readonly<Record<string, unknown>>),
    PATH: [...machine.paths, variables['PATH'] ?? ''].join(separator),
  }
}
