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

export interface LeftOutContext {
  readonly directories: Directories
  readonly facts: Pick<WorkspaceFacts, 'npmLock' | 'namingProjects'>
  /** Whether the committed digest of a project with a lock is that of its slice. */
  readonly isFresh: (node: ProjectNode) => boolean
}

/**
 * A glob for all folders of a directory also hides a project that is gone. That is right for whoever did not need it, so
 * the node must be one that changes when something that it needs is gone: by a slice that is whole and as committed, or, for
 * npm's packages, by Nx itself, which runs everything when a package.json is deleted. What its manifest names in another
 * way (`outside`) may not lie there, and its targets may not name projects.
 */
export function leftOut(
  nodes: readonly ProjectNode[],
  outside: readonly string[],
  { directories, facts, isFresh }: LeftOutContext,
): LeftOut {
  const { roots, parents, joined, named } = directories
  const isSafe = (node: ProjectNode): boolean => {
    if (facts.namingProjects.has(node.root)) return false
    if (node.reader === undefined) return facts.npmLock !== undefined
    return node.reader.lock?.complete === true && isFresh(node)
  }
  const globs = parents.map((parent) => globMatcher(childrenGlob(parent)))
  const isHidden = (path: string): boolean =>
    isGlob(path) || (ownerOf(path, roots) === undefined && globs.some((matches) => matches(path)))
  if (!nodes.every(isSafe) || outside.some(isHidden)) return { globs: named, fields: [] }
  return { globs: joined, fields: parents.map(parentKey) }
}

/** Two globs are never told apart: that would be a guess. */
export function isGlob(path: string): boolean {
  return /[*?[\]{}!]/.test(path)
}
