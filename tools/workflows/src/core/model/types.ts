import type { CachePin, PlainPin } from './pin.ts'

/** An expression of GitHub Actions, without its braces. */
export interface Expr {
  readonly expr: string
}

/** Text, or an expression; parts are put together as they stand. Never a number: a version of 3.10 would become 3.1. */
export type Value = string | Expr | readonly (string | Expr)[]

export type Scope = 'actions' | 'checks' | 'contents' | 'id-token' | 'issues' | 'pages' | 'pull-requests' | 'security-events'

/** One permission of a job's token; `why` is printed beside it. */
export interface Grant {
  readonly scope: Scope
  readonly level: 'read' | 'write'
  readonly why: string
}

/**
 * A permission that a job may hold which runs what a pull request brings: to read, to report what it found, and to prove who
 * it is to somebody who decides by what started the job.
 */
export type OpenGrant = Grant & ({ readonly level: 'read' } | { readonly scope: 'id-token' | 'security-events' })

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
  readonly id?: string
  readonly name: string
  readonly pin: PlainPin
  readonly with?: Readonly<Record<string, Value>>
  readonly if?: Expr
}

/** An action of this repository, which is generated as well. */
export interface LocalStep {
  readonly kind: 'local'
  readonly name: string
  readonly action: 'setup'
  readonly with?: Readonly<Record<string, Value>>
}

/** Takes what earlier runs have stored. A job with rights has no such step: somebody else wrote what it would read. */
export interface CacheStep {
  readonly kind: 'cache'
  readonly name: string
  readonly action: 'packages'
}

/** The step of the action behind a `CacheStep`. */
export interface StoreStep extends Omit<ActionStep, 'kind' | 'pin'> {
  readonly kind: 'store'
  readonly pin: CachePin
}

/** A command that reads secrets of the job's environment, each from a variable. */
export interface SecretStep extends Omit<CommandStep, 'kind'> {
  readonly kind: 'secret'
  /** Names of secrets, by the variable that the command reads. */
  readonly secrets: Readonly<Record<string, string>>
}

/** A step that takes nothing from a cache. */
export type PlainStep = CommandStep | ActionStep | LocalStep
export type Step = PlainStep | CacheStep

/** Images of GitHub's own machines, by their version: `latest` moves without a commit. */
export type HostedImage = 'ubuntu-24.04' | 'ubuntu-22.04' | 'ubuntu-24.04-arm'

/** Machines of the owner, each of which runs one job and is then thrown away. */
export interface OwnMachines {
  readonly group: string
  readonly labels: readonly [string, ...string[]]
}

interface AnyJob<AnyStep> {
  readonly id: string
  /** Name of the check, where it is not the id: two workflows cannot have one name for what a branch requires. */
  readonly title?: string
  readonly needs: readonly string[]
  readonly if?: Expr
  readonly timeoutMinutes: number
  readonly matrix?: Matrix
  readonly outputs?: Readonly<Record<string, Expr>>
  readonly steps: readonly [AnyStep, ...AnyStep[]]
  /** Ids of the requirements that the job answers. */
  readonly satisfies: readonly string[]
  /** What the job is for, in one sentence. */
  readonly purpose: string
}

export type Matrix =
  /** What a plan gives, with the entries `shard` and `shards`. */
  | { readonly kind: 'plan'; readonly of: Expr }
  | { readonly kind: 'list'; readonly name: string; readonly values: readonly [string, ...string[]] }

/** Runs what anybody proposes, so it holds nothing that is worth stealing. */
export interface OpenJob extends AnyJob<Step> {
  readonly trust: 'open'
  readonly machine: HostedImage
  readonly grants: readonly OpenGrant[]
}

/** Runs on a machine of the owner, once a person has approved the commit in the environment. */
export interface ApprovedJob extends AnyJob<PlainStep> {
  readonly trust: 'approved'
  readonly machine: OwnMachines
  readonly environment: string
  readonly grants: readonly (Grant & { readonly level: 'read' })[]
}

/** Acts with rights or secrets. No workflow that a pull request starts can have it. */
export interface PrivilegedJob extends AnyJob<PlainStep | SecretStep> {
  readonly trust: 'privileged'
  readonly machine: HostedImage
  readonly environment: string
  readonly grants: readonly Grant[]
}

/** Acts on a pull request of Dependabot, with the code of the branch that it is proposed for. */
export interface BotJob extends AnyJob<PlainStep> {
  readonly trust: 'bot'
  readonly machine: HostedImage
  readonly grants: readonly Grant[]
}

export type Job = OpenJob | ApprovedJob | PrivilegedJob | BotJob

interface AnyWorkflow<AnyOn, SomeJob> {
  /** `ci.yml` */
  readonly file: string
  readonly name: string
  readonly on: AnyOn
  readonly concurrency: { readonly group: Value; readonly cancelInProgress: Expr | boolean }
  readonly env: Readonly<Record<string, string>>
  readonly jobs: readonly SomeJob[]
  readonly satisfies: readonly string[]
}

/** What starts a workflow that decides whether a change is good. */
export interface ChangeTriggers {
  readonly push: { readonly branches: readonly string[] }
  readonly pullRequest: { readonly branches: readonly string[] }
  readonly mergeGroup: true
  readonly schedule: readonly string[]
}

/** What only people with rights, or time, can start. */
export interface TrustedTriggers {
  readonly pullRequest?: never
  readonly mergeGroup?: never
  readonly push?: { readonly branches: readonly string[] }
  /** Cron, in UTC. */
  readonly schedule?: readonly string[]
  readonly dispatch?: true
}

/** A label is put on, by somebody who may: a push that follows needs it again. */
export interface LabelTriggers {
  readonly pullRequest: { readonly types: readonly ['labeled'] }
  /** Mirrors of commits that were reviewed. */
  readonly push: { readonly branches: readonly ['pull-request/[0-9]+'] }
  readonly dispatch: true
}

export interface BotTriggers {
  readonly pullRequest: { readonly branches: readonly string[] }
}

/** A workflow, with the jobs that what starts it allows. */
export type Workflow =
  | AnyWorkflow<ChangeTriggers, OpenJob>
  | AnyWorkflow<TrustedTriggers, OpenJob | PrivilegedJob>
  | AnyWorkflow<LabelTriggers, OpenJob | ApprovedJob>
  | AnyWorkflow<BotTriggers, OpenJob | BotJob>

/** A composite action of this repository. */
export interface LocalAction {
  /** The folder below `.github/actions`. */
  readonly id: LocalStep['action'] | CacheStep['action']
  readonly description: string
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly default: string }>>
  readonly steps: readonly [PlainStep | StoreStep, ...(PlainStep | StoreStep)[]]
}

/** A generated file that is neither a workflow nor an action. */
export interface PlainFile {
  /** Below the workspace. */
  readonly path: string
  /** What stands below the header, with a line break at its end. */
  readonly body: string
}

/** Everything that is generated below `.github`. */
export interface Pipeline {
  readonly workflows: readonly Workflow[]
  readonly actions: readonly LocalAction[]
  readonly files: readonly PlainFile[]
}
