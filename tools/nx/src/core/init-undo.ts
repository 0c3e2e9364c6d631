import { type Change, applyChanges, changesBetween, linesOf } from './init-diff.ts'

/** A file as `init` found and left it; `null` is a file that did not exist. */
export interface ChangedFile {
  readonly path: string
  readonly before: string | null
  readonly after: string
  /** Generated later on by other commands too, so that nothing of the user is in it. */
  readonly generated: boolean
}

/** What undoing one file means for its present text. */
export type Reversal =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'write'; readonly text: string }
  | { readonly kind: 'delete' }
  /** The user has edited what `init` wrote. `line` is the first such line of the present text, counted from 1. */
  | { readonly kind: 'conflict'; readonly line: number }

/**
 * Takes back what `init` did to a file and keeps everything that was edited elsewhere in it since: a three-way merge of
 * `before` and the present text over `after`.
 */
export function reverse(file: ChangedFile, current: string | undefined): Reversal {
  if (current === undefined || current === file.before) return { kind: 'nothing' }
  if (file.before === null) {
    return file.generated || current === file.after
      ? { kind: 'delete' }
      : { kind: 'conflict', line: firstDifference(file, current) }
  }
  const base = linesOf(file.after)
  const ours = changesBetween(base, linesOf(file.before))
  const theirs = changesBetween(base, linesOf(current))
  const conflict = theirs.find((their) => ours.some((our) => clash(our, their)))
  if (conflict !== undefined) return { kind: 'conflict', line: presentLine(theirs, conflict) }
  const merged = [...ours, ...theirs].sort((left, right) => left.from - right.from || left.to - right.to)
  return { kind: 'write', text: applyChanges(base, merged).join('\n') }
}

/** Two changes clash when they share lines, or when one inserts inside the other, or both insert at one place. */
function clash(our: Change, their: Change): boolean {
  if (our.from === our.to && their.from === their.to) return our.from === their.from
  if (their.from === their.to) return our.from < their.from && their.from < our.to
  if (our.from === our.to) return their.from < our.from && our.from < their.to
  return our.from < their.to && their.from < our.to
}

function presentLine(theirs: readonly Change[], conflict: Change): number {
  const grown = theirs
    .filter((change) => change.from < conflict.from)
    .reduce((sum, change) => sum + change.lines.length - (change.to - change.from), 0)
  return conflict.from + grown + 1
}

function firstDifference(file: ChangedFile, current: string): number {
  return (changesBetween(linesOf(file.after), linesOf(current))[0]?.from ?? 0) + 1
}
