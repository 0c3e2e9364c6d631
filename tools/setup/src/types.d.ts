/** What a step found without changing anything. */
export type Finding =
  /** Nothing to do. `notes` name what will be reported as not run. */
  | { readonly state: 'ready'; readonly detail: string; readonly notes?: readonly string[] }
  /** Set-up can do this itself; `command` is what a person would type. `apply` returns the detail line of the result, or that and more notes. */
  | {
      readonly state: 'needed'
      readonly detail: string
      readonly command: string
      readonly apply: () => Promise<string | Applied>
      readonly notes?: readonly string[]
    }
  /** A person has to do this. */
  | { readonly state: 'missing'; readonly detail: string; readonly hint: string }

/** What a step did that may do less than it was asked for. */
export interface Applied {
  readonly detail: string
  readonly notes: readonly string[]
}

export interface Step {
  readonly name: string
  readonly inspect: (context: Context) => Promise<Finding>
}

/** What the steps share. `env` and the fields below it are filled by the steps in order. */
export interface Context {
  /** Absolute path of the clone. */
  readonly root: string
  readonly platform: NodeJS.Platform
  /** Environment of every child process; the caller's own, plus what a step had to add. */
  readonly env: Record<string, string | undefined>
  /** Runs a program that changes something: streamed, with signs of life, remembered in the set-up lock. Throws `SetupError`. */
  readonly run: (program: string, args: readonly string[], options?: { env?: Record<string, string> }) => Promise<void>
  /** Path of the uv program to use; set by the uv step. */
  uv: string | undefined
  /** CPython interpreters that were found, by `major.minor`; filled on first use. */
  pythons: ReadonlyMap<string, Interpreter> | undefined
}

export interface Interpreter {
  /** Absolute path. */
  readonly path: string
  /** `3.11.7` */
  readonly version: string
}

/** How a captured process ended. `status` is `undefined` when the program does not exist or a signal ended it. */
export interface Captured {
  readonly status: number | undefined
  readonly stdout: string
  readonly stderr: string
}

/** Sum over all test runners. */
export interface Totals {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}
