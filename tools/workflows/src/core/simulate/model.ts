/** How a step, a part of a matrix or a job ended, in GitHub's words. */
export type Result = 'success' | 'failure' | 'cancelled' | 'skipped'

type Texts = Readonly<Record<string, string>>

/** A step as its file says it: no expression is evaluated yet. */
export interface Step {
  readonly id?: string | undefined
  readonly name?: string | undefined
  readonly if?: string | undefined
  readonly work: Work
  readonly env: Texts
  readonly continueOnError?: string | undefined
  readonly timeoutMinutes?: string | undefined
}

export type Work =
  | {
      readonly kind: 'run'
      readonly script: string
      readonly shell?: string | undefined
      readonly workingDirectory?: string | undefined
    }
  | { readonly kind: 'uses'; readonly action: string; readonly with: Texts }

export interface Job {
  readonly id: string
  readonly name?: string | undefined
  readonly needs: readonly string[]
  readonly if?: string | undefined
  readonly runsOn: unknown
  readonly concurrency?: unknown
  readonly outputs: Texts
  readonly env: Texts
  readonly defaults: RunDefaults
  readonly steps: readonly Step[]
  readonly timeoutMinutes?: string | undefined
  readonly matrix?: unknown
  readonly failFast?: string | undefined
  readonly continueOnError?: string | undefined
}

export interface RunDefaults {
  readonly shell?: string | undefined
  readonly workingDirectory?: string | undefined
}

/** What an event has to be like to start a workflow; `undefined` lets everything through. */
export interface EventFilter {
  readonly branches?: readonly string[] | undefined
  readonly branchesIgnore?: readonly string[] | undefined
  readonly tags?: readonly string[] | undefined
  readonly tagsIgnore?: readonly string[] | undefined
  readonly paths?: readonly string[] | undefined
  readonly pathsIgnore?: readonly string[] | undefined
  readonly types?: readonly string[] | undefined
}

export interface Workflow {
  /** `.github/workflows/ci.yml` */
  readonly file: string
  readonly name: string
  /** Filters by the name of the event. */
  readonly on: ReadonlyMap<string, EventFilter>
  /** Cron expressions, when it starts on a schedule. */
  readonly schedules: readonly string[]
  /** Inputs of a run that a person starts, with their defaults. */
  readonly dispatchInputs: Texts
  readonly env: Texts
  readonly concurrency?: unknown
  readonly jobs: readonly Job[]
}

/** An action of this repository, as its action.yml says it. */
export interface LocalAction {
  readonly file: string
  readonly using: string
  /** Defaults by the name of the input; `undefined` where there is none. */
  readonly inputs: Readonly<Record<string, string | undefined>>
  readonly outputs: Texts
  /** Empty where it is no composite action. */
  readonly steps: readonly Step[]
}
