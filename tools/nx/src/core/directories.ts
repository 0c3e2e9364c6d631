import { posix } from 'node:path'
import { byText } from '@interlock/kit'
import { groupBy } from './names.ts'

/** Below this many projects in one parent directory each is named by itself, which needs no look at the disk. */
const STAR_FROM = 10

/** A glob is only made of directories that mean themselves in it. */
const PLAIN = /^[^*?[\]{}()!\\|+@]+$/

/** Parent directories that are worth one glob, if nothing else lies below them. */
export function starParents(roots: readonly string[]): string[] {
  return [...byParent(roots)].filter(([parent, children]) => starWorthy(parent, children)).map(([parent]) => parent)
}

/**
 * Globs, relative to the workspace, of all files below the projects' directories. A parent directory whose folders are
 * all projects has one glob. A directory whose name is no plain text in a glob is left out, which makes its files shared.
 */
export function projectDirectoryGlobs(roots: readonly string[], mixedParents: ReadonlySet<string>): string[] {
  return [...byParent(roots)].flatMap(([parent, children]) =>
    starWorthy(parent, children) && !mixedParents.has(parent)
      ? [`${parent}/*/**/*`]
      : children.filter((root) => PLAIN.test(root)).map((root) => `${root}/**/*`),
  )
}

/**
 * The first deleted file that one glob hides: it lay beside projects in a directory that is worth one, and in no project.
 * The graph after the deletion sees only projects there.
 */
export function deletedBesideProjects(
  deleted: readonly string[],
  { before, after }: { readonly before: ReadonlySet<string>; readonly after: readonly string[] },
): string | undefined {
  const parents = starParents(after)
  const isHidden = (path: string): boolean =>
    parents.some((parent) => path.startsWith(`${parent}/`) && path.slice(parent.length + 1).includes('/'))
  return deleted.find((path) => isHidden(path) && ownerOf(path, before) === undefined)
}

/** The project directory that a path lies in, or `undefined`; the innermost where they are nested. */
export function ownerOf(path: string, roots: ReadonlySet<string>): string | undefined {
  for (let folder = path; folder !== '.'; folder = posix.dirname(folder)) if (roots.has(folder)) return folder
  return undefined
}

/** Children by parent of the projects that lie in no other project's directory. The root project is none of them. */
function byParent(roots: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const all = new Set(roots)
  const outermost = roots.filter((root) => isOutermost(root, all))
  return groupBy([...new Set(outermost)].sort(byText), (root) => posix.dirname(root))
}

function isOutermost(root: string, all: ReadonlySet<string>): boolean {
  if (root === '.') return false
  for (let folder = posix.dirname(root); folder !== '.'; folder = posix.dirname(folder)) if (all.has(folder)) return false
  return true
}

function starWorthy(parent: string, children: readonly string[]): boolean {
  return parent !== '.' && children.length >= STAR_FROM && PLAIN.test(parent)
}
