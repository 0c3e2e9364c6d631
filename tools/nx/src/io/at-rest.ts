import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { InterlockError, type WorkspaceFiles } from '@interlock/kit'
import { workspaceFilesOnDisk } from './workspace-files.ts'

const ATTEMPTS = 5

/** Longer than a program leaves a file away that it writes anew, so that a file missing all that time is deleted. */
const PAUSE_MS = 100

/**
 * What `build` makes of the listed files. Nx lists them a moment before, and tools that run beside it write and delete
 * manifests of their own: when a file changed meanwhile, everything is read again without those that have gone. Throws
 * `FILE_CHANGED` of a workspace that does not come to rest.
 */
export async function atRest<T>(
  root: string,
  listed: readonly string[],
  build: (files: WorkspaceFiles) => Promise<T>,
): Promise<T> {
  let paths = listed
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await build(workspaceFilesOnDisk(root, paths))
    } catch (error) {
      if (attempt === ATTEMPTS || !(error instanceof InterlockError) || error.code !== 'FILE_CHANGED') throw error
    }
    await setTimeout(PAUSE_MS)
    paths = listed.filter((path) => existsSync(join(root, path)))
  }
}
