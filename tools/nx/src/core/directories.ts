import { posix } from 'node:path'
import { byText } from '@interlock/kit'
import { groupBy } from './names.ts'

/** A glob is only made of directories that mean themselves in it. */
const PLAIN = /^[^*?[\]{}()!\\|+@]+$/

/** Directories directly below which projects lie, where one glob can stand for all of them. */
export function parentDirectories(roots: readonly string[]): string[] {
  return [...byParent(roots)].filter(([parent, children]) => isPlainParent(parent, children)).map(([parent]) => parent)
}

/** Files in folders beside projects that lie in no project. */
export function strayFiles(roots: readonly string[], listed: readonly string[]): string[] {
  const known = new Set(roots)
  const parents = parentDirectories(roots)
  return listed.filter((path) => parents.some((parent) => isBelowFolder(path, parent)) && ownerOf(path, known) === undefined)
}

/** Directories directly below which projects lie, and no file of a folder that is none. */
export function projectParentsAmong(roots: readonly string[], listed: readonly string[]): Set<string> {
  const strays = strayFiles(roots, listed)
  return new Set(parentDirectories(roots).filter((parent) => !strays.some((path) => isBelowFolder(path, parent))))
}

function isBelowFolder(path: string, parent: string): boolean {
  return path.startsWith(`${parent}/`) && path.includes('/', parent.length + 1)
}

/** The glob, relative to the workspace, of all files below the folders of a directory. */
export function childrenGlob(parent: string): string {
  return `${parent}/*/**/*`
}

/**
 * Globs, relative to the workspace, of all files below the projects' directories. One of `parents` has one glob for all its
 * folders, which also stands for a project that was there. A directory whose name is no plain text in a glob is left out,
 * which makes its files shared.
 */
export function projectDirectoryGlobs(roots: readonly string[], parents: ReadonlySet<string>): string[] {
  return [...byParent(roots)].flatMap(([parent, children]) =>
    parents.has(parent) ? [childrenGlob(parent)] : children.filter((root) => PLAIN.test(root)).map((root) => `${root}/**/*`),
  )
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

function isPlainParent(parent: string, children: readonly string[]): boolean {
  return parent !== '.' && children.every((root) => PLAIN.test(root))
}
