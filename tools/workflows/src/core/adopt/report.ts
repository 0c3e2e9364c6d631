/**
 * What becomes of one thing of a hand-written workflow. `replaced`: a generated job does it. `differs`: a generated job runs
 * the same tool, and otherwise than here. `left`: it is known what it is, and nothing generated does it. `unknown`: nobody
 * can say without looking.
 */
export type Verdict = 'replaced' | 'differs' | 'left' | 'unknown'

/** One thing that a workflow has or does. */
export interface Item {
  /** From 1. */
  readonly line: number
  readonly kind:
    | 'trigger'
    | 'command'
    | 'action'
    | 'matrix'
    | 'runner'
    | 'service'
    | 'secret'
    | 'variable'
    | 'permission'
    | 'environment'
    | 'condition'
    | 'cache'
    | 'workflow'
  /** What is written there, shortened. */
  readonly text: string
  readonly verdict: Verdict
  /** The generated job, or `setup` for the action that makes a machine ready; absent where nothing replaces it. */
  readonly by?: string
  /** What the verdict rests on, or what differs. */
  readonly note?: string
}

export interface JobReport {
  readonly id: string
  readonly line: number
  readonly items: readonly Item[]
  /** Generated jobs that do something of it. */
  readonly replacedBy: readonly string[]
}

export type FileReport =
  | {
      readonly kind: 'read'
      readonly file: string
      /** Whether a generated file has the same name: nothing is generated until it is renamed. */
      readonly inTheWay: boolean
      /** What belongs to no job: triggers, permissions and secrets of the whole workflow. */
      readonly items: readonly Item[]
      readonly jobs: readonly JobReport[]
    }
  | { readonly kind: 'generated'; readonly file: string }
  | { readonly kind: 'unreadable'; readonly file: string; readonly line?: number; readonly reason: string }

/** A text for one line of a report: short, and without what a terminal would obey. */
export function shortText(text: string): string {
  const line = text.replace(/[\p{Cc}\s]+/gu, ' ').trim()
  return line.length > 100 ? `${line.slice(0, 99)}…` : line
}
