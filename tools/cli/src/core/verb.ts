import type { ConfigSections } from '@interlock/kit'

/** The sections of interlock.yaml that a package owns, loaded only when somebody asks: `sections` of its `./cli` export. */
export type LoadSections = () => Promise<ConfigSections>

/** One command of `interlock`, as plain data with one function: a package offers its verbs as `verbs` of its `./cli` export. */
export interface Verb {
  /** What a person types: `base`, or more words for a verb of a group (`lock diff`, `cache audit verify`). */
  readonly name: string
  /** One line for `--help`, no full stop. */
  readonly summary: string
  readonly arguments?: readonly VerbArgument[]
  readonly options?: readonly VerbOption[]
  /** What the words after `--` are for; a verb without it refuses them. */
  readonly rest?: string
  /** Lines under the help text that show the verb in use. */
  readonly examples?: readonly string[]
  /** Does the work. Throws `InterlockError` for what a user can mend; anything else that is thrown is a defect. */
  readonly run: (invocation: Invocation) => Promise<Outcome>
}

export interface VerbArgument {
  /** In commander's notation: `<project>` is required, `[project]` is not. */
  readonly name: string
  readonly description: string
}

export interface VerbOption {
  /** In commander's notation: `-t, --targets <names...>`. `--json` and `--help` belong to every verb and are not named. */
  readonly flags: string
  readonly description: string
  readonly required?: boolean
}

export interface Invocation {
  /** Absolute path of the workspace: the nearest folder upwards that holds `nx.json`. */
  readonly root: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** Positional arguments in the order of `Verb.arguments`; missing ones are absent from the end. */
  readonly arguments: readonly string[]
  /** Options by their camel-case name; absent when not given. */
  readonly options: Readonly<Record<string, unknown>>
  /** The words after `--`. */
  readonly rest: readonly string[]
  /** Whether stdout must carry nothing but the JSON document: progress then belongs to stderr. */
  readonly json: boolean
}

export interface Outcome {
  /** Exit status of the command: one of the table of `EXIT`, or 128 + n when signal n ended it. */
  readonly status: number
  /** What a person reads; printed as it is, with a line break at the end. */
  readonly prose: string
  /** What `--json` prints instead. Must survive `JSON.stringify`. */
  readonly data: unknown
}
