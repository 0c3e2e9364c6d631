import { posix } from 'node:path'

/** `base` joined with a path from a manifest; `undefined` when it leads outside the repository. The root is `.`. */
export function resolvePath(base: string, path: string): string | undefined {
  if (posix.isAbsolute(path) || /^[A-Za-z]:/.test(path)) return undefined
  const joined = posix.join(base, path)
  const clean = joined.length > 1 && joined.endsWith('/') ? joined.slice(0, -1) : joined
  return clean === '..' || clean.startsWith('../') ? undefined : clean
}

/** Whether a path is a directory or lies below it. */
export function isInside(path: string, directory: string): boolean {
  return directory === '.' || path === directory || path.startsWith(`${directory}/`)
}

/** The directories above one, nearest first; `.` is the last. */
export function ancestors(directory: string): string[] {
  const found: string[] = []
  for (let current = directory; current !== '.';) {
    current = posix.dirname(current)
    found.push(current)
  }
  return found
}

/** A file of a directory: `Cargo.toml` in `.`, `a/Cargo.toml` in `a`. */
export function fileIn(directory: string, name: string): string {
  return directory === '.' ? name : `${directory}/${name}`
}

/** A path as a glob that matches at least it: characters that mean something in a glob become `?`. */
export function asGlob(path: string): string {
  return path.replaceAll(/[*?[\]{}()!+@|\\]/g, '?')
}

/** Everything below a directory. */
export function below(directory: string): string {
  return directory === '.' ? '**/*' : `${asGlob(directory)}/**/*`
}
