import type { ReaderOptions, ReaderProject, ReaderResult } from '@interlock/kit'
import { readCargo } from '../core/read-cargo.ts'
import { memoryFiles, OPTIONS, type Files } from './layout.ts'

/** The text of a manifest with a package. */
export function crate(name: string, rest = ''): string {
  return `[package]\nname = "${name}"\nversion = "0.1.0"\nedition = "2021"\n${rest}`
}

/** A lock from entries like `a 0.1.0: itoa` (a path) and `itoa 1.0.1 registry: …`. */
export function lock(...entries: readonly string[]): string {
  const packages = entries.map((entry) => {
    const [head = '', needs = ''] = entry.split(':')
    const [name, version, source] = head.trim().split(' ')
    const origin = source === undefined ? '' : `source = "registry+index"\nchecksum = "${name}-${version}"\n`
    const list = needs
      .split(',')
      .map((need) => need.trim())
      .filter((need) => need !== '')
    const dependencies = list.length === 0 ? '' : `dependencies = [${list.map((need) => `"${need}"`).join(', ')}]\n`
    return `[[package]]\nname = "${name}"\nversion = "${version}"\n${origin}${dependencies}`
  })
  return `version = 4\n\n${packages.join('\n')}`
}

export function read(files: Files, options: Partial<ReaderOptions> = {}): ReaderResult {
  return readCargo(memoryFiles(files), { ...OPTIONS, ...options })
}

/** The project of a directory. */
export function projectAt(result: ReaderResult, root: string): ReaderProject {
  const found = result.projects.find((project) => project.root === root)
  if (found === undefined) throw new Error(`no project at ${root}`)
  return found
}

/** The whole message of the error that reading throws. */
export function failure(files: Files, options: Partial<ReaderOptions> = {}): string {
  try {
    read(files, options)
  } catch (error) {
    if (error instanceof Error) return error.message
  }
  throw new Error('nothing was thrown')
}
