/** An expression of GitHub Actions, without its braces. */
export interface Expr {
  readonly expr: string
}

/** Text, or an expression; parts are put together as they stand. Never a number: a version of 3.10 would become 3.1. */
export type Value = string | Expr | readonly (string | Expr)[]

/** 40 hexadecimal digits. */
export type Sha = string & { readonly __sha: never }

/** The names of the inputs that an action declares. */
export interface ActionInputs {
  /** Required, and without a default. */
  readonly required: readonly string[]
  readonly optional: readonly string[]
}

/** A third-party action at one commit. */
export interface Pin {
  /** `actions/checkout` */
  readonly repository: string
  /** `init`: the folder of the action below the repository; the repository itself when absent. */
  readonly path?: string
  /** `v7.0.1`: what the commit was tagged with. */
  readonly version: string
  readonly sha: Sha
  readonly runtime: 'node24' | 'composite'
  /** `actions/upload-artifact@<commit>`: what a composite action uses itself. */
  readonly nested: readonly string[]
  readonly inputs: ActionInputs
  /** The day on which the commit was compared with the tag, and by what. */
  readonly reviewed: string
}

export type Scope = 'contents' | 'pull-requests' | 'checks' | 'pages' | 'id-token'

/** One permission of a job's token; `why` is printed beside it. */
export interface Grant {
  readonly scope: Scope
  readonly level: 'read' | 'write'
  readonly why: string
}

/** A command in words, run as a person types it: no shell syntax, no expression. */
export interface CommandStep {
  readonly kind: 'command'
  readonly id?: string
  readonly name: string
  readonly words: readonly [string, ...string[]]
  readonly env?: Readonly<Record<string, Value>>
  readonly if?: Expr
}

export interface ActionStep {
  readonly kind: 'action'
  readonly name: string
  readonly pin: Pin
  readonly with?: Readonly<Record<string, Value>>
  readonly if?: Expr
}

/** An action of this repository, which is generated as well. */
export interface LocalStep {
  readonly kind: 'local'
  readonly name: string
  readonly action: string
  readonly with?: Readonly<Record<string, Value>>
}

export type Step = CommandStep | ActionStep | LocalStep

/** Images of GitHub's own machines, by their version: `latest` moves without a commit. */
export type HostedImage = 'ubuntu-24.04'

export interface Job {
  readonly id: string
  readonly needs: readonly string[]
  readonly if?: Expr
  readonly image: HostedImage
  readonly timeoutMinutes: number
  readonly grants: readonly Grant[]
  /** The matrix that a plan gives. */
  readonly matrix?: Expr
  readonly outputs?: Readonly<Record<string, Expr>>
  readonly steps: readonly [Step, ...Step[]]
  /** Ids of the requirements that the job answers. */
  readonly satisfies: readonly string[]
  /** What the job is for, in one sentence. */
  readonly purpose: string
}

export interface Triggers {
  readonly push?: { readonly branches: readonly string[] }
  readonly pullRequest?: { readonly branches: readonly string[] }
  readonly mergeGroup?: true
  /** Cron, in UTC. */
  readonly schedule?: string
}

export interface Workflow {
  /** `ci.yml` */
  readonly file: string
  readonly name: string
  readonly on: Triggers
  readonly concurrency: { readonly group: Value; readonly cancelInProgress: Expr }
  readonly env: Readonly<Record<string, string>>
  readonly jobs: readonly Job[]
  readonly satisfies: readonly string[]
}

/** A composite action of this repository. */
export interface LocalAction {
  /** `setup`: the folder below `.github/actions`. */
  readonly id: string
  readonly description: string
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly default: string }>>
  readonly steps: readonly [Step, ...Step[]]
}

/** Everything that is generated below `.github`. */
export interface Pipeline {
  readonly workflows: readonly Workflow[]
  readonly actions: readonly LocalAction[]
}
