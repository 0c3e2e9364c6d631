import { fileURLToPath } from 'node:url'
import type { TestProject } from 'vitest/node'
import { type Installed, installPacked } from './packages.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** The packages of this repository, packed and installed once for every test file. */
    readonly installed: Installed
  }
}

/** The repository that this package belongs to. */
export const REPOSITORY: string = fileURLToPath(new URL('../../../../', import.meta.url)).replace(/\/$/, '')

export default async function packOnce(project: TestProject): Promise<void> {
  project.provide('installed', await installPacked(REPOSITORY))
}
