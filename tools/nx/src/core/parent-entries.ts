import { closureKey } from '@interlock/kit'
import type { CommittedClosures } from './closures.ts'

/**
 * What closures.json says of a directory below which only projects lie. It has to be committed: once a folder that was no
 * project is deleted, nothing else tells that it was ever there.
 */
const ONLY_PROJECTS = 'projects'

/** A name that no directory has on every system, so that the key is no project's. */
const CHILDREN = '*'
const SUFFIX = closureKey(`/${CHILDREN}`)

/** The key in closures.json of a directory of projects, e.g. `crates/~2a` of `crates`. */
export function parentKey(parent: string): string {
  return closureKey(`${parent}/${CHILDREN}`)
}

/** Entries of closures.json for the directories below which only projects lie. */
export function parentEntries(parents: Iterable<string>): Record<string, string> {
  return Object.fromEntries([...parents].map((parent) => [parentKey(parent), ONLY_PROJECTS]))
}

/** Whether the committed file says that only projects lie below a directory. */
export function isRecorded(committed: CommittedClosures, parent: string): boolean {
  if (committed.state !== 'read') return false
  const key = parentKey(parent)
  return Object.hasOwn(committed.table, key) && committed.table[key] === ONLY_PROJECTS
}

/** Directories of projects of which the committed file says too little or too much. */
export interface StaleParent {
  readonly key: string
  /** As people write it, e.g. `crates/*`. */
  readonly root: string
}

/** Compares the committed entries with the directories below which only projects lie now. */
export function staleParents(parents: ReadonlySet<string>, committed: CommittedClosures): StaleParent[] {
  const missing = [...parents].filter((parent) => !isRecorded(committed, parent))
  return [
    ...missing.map((parent) => ({ key: parentKey(parent), root: `${parent}/${CHILDREN}` })),
    ...overclaimed(parents, committed),
  ]
}

/** Committed entries of directories in which something else lies now, or no project any more. */
export function overclaimed(parents: ReadonlySet<string>, committed: CommittedClosures): StaleParent[] {
  if (committed.state !== 'read') return []
  const expected = new Set([...parents].map(parentKey))
  const claimed = Object.keys(committed.table).filter((key) => key.endsWith(SUFFIX) && !expected.has(key))
  return claimed.map((key) => ({ key, root: key.replace(SUFFIX, `/${CHILDREN}`) }))
}
