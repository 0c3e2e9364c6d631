import type { Result } from './model.ts'

/** What became of a step. */
export interface StepReport {
  readonly name: string
  /** The command, or the action. */
  readonly what: string
  /** `stand-in`: it counts as done, and nothing of it was run. `skipped`: its condition did not hold. */
  readonly mode: 'real' | 'stand-in' | 'skipped'
  readonly outcome: Result
  readonly conclusion: Result
  /** Why it is no success, or what is known of what was not run. */
  readonly note?: string
  /** The last lines of what a failing command wrote. */
  readonly tail?: string
  readonly summary?: string
  /** The steps of an action of the repository. */
  readonly steps?: readonly StepReport[]
}

/** What became of one machine of a job. */
export interface LegReport {
  /** `rust-tests (1, 2)` */
  readonly name: string
  /** The name that its file gives it. */
  readonly title: string
  /** Before `continue-on-error` counts. */
  readonly outcome: Result
  readonly reason?: string
  readonly steps: readonly StepReport[]
}

export interface JobReport {
  readonly id: string
  readonly result: Result
  /** Why it is no success. */
  readonly reason?: string
  readonly outputs: Readonly<Record<string, string>>
  readonly legs: readonly LegReport[]
}

export interface WorkflowReport {
  readonly file: string
  readonly concurrency?: unknown
  readonly jobs: readonly JobReport[]
  /** Injections that changed nothing, in words. */
  readonly unused: readonly string[]
  readonly verdict: Verdict
}

/** Whether GitHub would take the run for good, and why not. */
export interface Verdict {
  readonly green: boolean
  readonly reason: string
}
