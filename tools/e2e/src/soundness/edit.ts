import type { Random } from './random.ts'
import type { Sandbox } from './sandbox.ts'
import type { Survey } from './survey.ts'

/** What one edit did, and what it must affect beyond what the oracle can see. */
export interface Edit {
  /** Words for the report, e.g. `cargo update fnv to 1.0.6`. */
  readonly description: string
  readonly kind: string
  /** Projects that must run whatever the oracle says. */
  readonly wide: Wide
}

export type Wide = 'all' | 'rust' | 'python' | 'none'

/** What an edit may use. */
export interface EditContext {
  readonly sandbox: Sandbox
  readonly survey: Survey
  readonly random: Random
  /** A number that no earlier edit of this workspace had. */
  readonly serial: number
  /** Number of the attempt; workspaces start at different ones. */
  readonly turn: number
}

/** Makes one random change in the working tree; `undefined` when it does not apply to this state. */
export type Change = (context: EditContext) => Promise<{ readonly description: string; readonly wide?: Wide } | undefined>

/** A kind of edit as the report names it. */
export interface EditKind {
  readonly kind: string
  /** How often it is drawn, relative to the others. */
  readonly weight: number
  readonly change: Change
}
