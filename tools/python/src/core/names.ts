import { posix } from 'node:path'

/** PEP 503: the one spelling by which two names of a distribution are compared. */
export function normalizeName(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-')
}

/** A name that PEP 508 allows: nothing in it means anything to a shell, an option parser or Nx. */
export function isDistributionName(name: string): boolean {
  return /^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$/.test(name)
}

/** Joins a directory of the workspace and a path that a file in it names; `undefined` when that leads out of the workspace. */
export function resolveInside(directory: string, path: string): string | undefined {
  if (posix.isAbsolute(path) || /^[A-Za-z]:/.test(path)) return undefined
  const joined = posix.normalize(posix.join(directory, path.replaceAll('\\', '/'))).replace(/(.)\/$/, '$1')
  return joined === '..' || joined.startsWith('../') ? undefined : joined
}

/** The directory and those above it, the workspace root last. */
export function upwards(directory: string): string[] {
  const directories = [directory]
  for (let current = directory; current !== '.'; directories.push(current)) current = posix.dirname(current)
  return directories
}
