import { globMatcher } from '@interlock/kit'
import { childrenGlob, ownerOf, parentDirectories, projectDirectoryGlobs } from './directories.ts'
import type { WorkspaceFacts } from './model.ts'
import type { ProjectNode } from './nodes.ts'
import { isRecorded, parentKey } from './parent-entries.ts'

/** The directories of projects, whose files are inputs of their own projects only. */
export interface Directories {
  readonly roots: ReadonlySet<string>
  /** Directories for which one glob may stand: only projects lie there, and closures.json says so. */
  readonly parents: readonly string[]
  /** Globs in which one stands for each of `parents`. */
  readonly joined: readonly string[]
  /** Globs of each project by itself. */
  readonly named: readonly string[]
}

/** What a node's inputs leave out, and the fields of closures.json that must be inputs for it. */
export interface LeftOut {
  readonly globs: readonly string[]
  readonly fields: readonly string[]
}

export function directoriesOf(
  roots: readonly string[],
  { projectParents, closures }: Pick<WorkspaceFacts, 'projectParents' | 'closures'>,
): Directories {
  const recorded = parentDirectories(roots).filter((parent) => projectParents.has(parent) && isRecorded(closures, parent))
  return {
    roots: new Set(roots),
    parents: recorded,
    joined: projectDirectoryGlobs(roots, new Set(recorded)),
    named: projectDirectoryGlobs(roots, new Set()),
  }
}

/**
 * A glob for all folders of a directory also hides a project that is gone. That is right for whoever did not need it, so
 * the node must be one that changes when something that it needs is gone: by its slice or by npm's lock. What its manifest
 * names in another way (`outside`) may not lie there.
 */
export function leftOut(
  nodes: readonly ProjectNode[],
  outside: readonly string[],
  { directories, npmLock }: { readonly directories: Directories; readonly npmLock: string | undefined },
): LeftOut {
  const { roots, parents, joined, named } = directories
  const isLocked = ({ reader }: ProjectNode): boolean =>
    reader === undefined ? npmLock !== undefined : reader.lock !== undefined
  const globs = parents.map((parent) => globMatcher(childrenGlob(parent)))
  const isHidden = (path: string): boolean =>
    isGlob(path) || (ownerOf(path, roots) === undefined && globs.some((matches) => matches(path)))
  if (!nodes.every(isLocked) || outside.some(isHidden)) return { globs: named, fields: [] }
  return { globs: joined, fields: parents.map(parentKey) }
}

/** Two globs are never told apart: that would be a guess. */
export function isGlob(path: string): boolean {
  return /[*?[\]{}!]/.test(path)
}
