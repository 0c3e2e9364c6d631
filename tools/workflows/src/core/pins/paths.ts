import type { Entry } from './entries.ts'
import { referenceOf } from './reference.ts'
import type { Use } from './uses.ts'

/** The actions of a repository that matter here: those of the catalogue, and those that are used. */
export function pathsOf({ repository, actions }: Entry, uses: readonly Use[]): readonly (string | undefined)[] {
  const used = uses.flatMap(({ text }) => {
    const reference = referenceOf(text)
    return reference.kind === 'action' && reference.repository.toLowerCase() === repository.toLowerCase() ? [reference.path] : []
  })
  return [...new Set([...actions.map(({ path }) => path), ...used])]
}
