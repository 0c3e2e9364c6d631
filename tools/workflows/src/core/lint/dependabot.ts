import type { LintDocument } from './document.ts'
import { listOf, type Value, valueAt } from './value.ts'

/** The entries of a Dependabot file; none for another file. */
export function updatesOf({ kind, root }: LintDocument): readonly Value[] {
  return kind === 'dependabot' ? listOf(valueAt(root, 'updates')) : []
}
