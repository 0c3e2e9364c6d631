import type { Ecosystem } from '@interlock/kit'
import { unifiedDiff } from '../../core/init-diff.ts'

/** A change of one file; `null` and `undefined` stand for no file. */
export interface ShownFile {
  readonly path: string
  readonly before: string | null | undefined
  readonly after: string | null | undefined
}

/** The changes as one unified diff. */
export function diffText(files: readonly ShownFile[]): string {
  return files.map(({ path, before, after }) => unifiedDiff(path, before ?? undefined, after ?? undefined)).join('')
}

/** What was found, and the three commands to try. */
export function nextSteps(projects: Readonly<Partial<Record<Ecosystem, number>>>): string {
  return `
Found ${projects.cargo ?? 0} Rust and ${projects.python ?? 0} Python projects. Try:

  npx nx show projects              every project, inferred from its manifest
  npx interlock affected -t test    test what a change affects
  npx interlock doctor              what could make a green result wrong
`
}
