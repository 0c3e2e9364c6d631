/** Programs that judge workflows and were not written here. */
export type RefereeName = 'zizmor' | 'actionlint' | 'check-jsonschema' | 'act'

/** What one of them says is wrong. */
export interface Finding {
  readonly referee: RefereeName
  /** The name that the referee gives to what it looked for. */
  readonly rule: string
  /** Below the workspace. */
  readonly file: string
  /** From 1; absent where the referee names no place. */
  readonly line?: number
  readonly message: string
}

/** How a call of a referee ended. */
export interface RefereeOutput {
  readonly status: number
  readonly stdout: string
  readonly stderr: string
}

/** What a call said. `unreadable`: nothing that can be trusted, so nothing was checked. */
export type Reading =
  | { readonly kind: 'read'; readonly findings: readonly Finding[] }
  | { readonly kind: 'unreadable'; readonly reason: string }

/** One call of a referee over some files. */
export interface RefereeCall {
  readonly args: readonly string[]
  readonly files: readonly string[]
}

/** How a referee is asked, and how its answer is read. Its exit status alone is never the answer. */
export interface Referee {
  readonly name: RefereeName
  readonly calls: (files: JudgedFiles) => readonly RefereeCall[]
  readonly read: (output: RefereeOutput, call: RefereeCall) => Reading
}

/** Files below `.github` that referees know, sorted. */
export interface JudgedFiles {
  readonly workflows: readonly string[]
  readonly actions: readonly string[]
  readonly dependabot: readonly string[]
}
