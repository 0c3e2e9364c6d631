import { GATE } from '../gate.ts'
import type { Job, LocalAction } from './model.ts'

/**
 * `real`: every `run` step runs. `control-flow`: only what decides about other jobs runs; every other `run` step succeeds
 * without running.
 */
export type Mode = 'real' | 'control-flow'

/** Whether the `run` steps of a job itself run: a job that gives outputs decides about others, and the gate about the run. */
export function runsForReal(mode: Mode, job: Job): boolean {
  return mode === 'real' || job.id === GATE || Object.keys(job.outputs).length > 0
}

/** Whether those of an action of the repository run: one without outputs makes a machine ready, which this one is. */
export function actionRunsForReal(mode: Mode, action: LocalAction): boolean {
  return mode === 'real' || Object.keys(action.outputs).length > 0
}
