import { InterlockError, type ReaderResult } from '@interlock/kit'
import { type CommittedClosures, type StaleProject, staleProjects } from '../core/closures.ts'
import { registrationOf } from '../core/config-files.ts'
import { committedClosures } from './facts.ts'
import { readWorkspace } from './graph.ts'
import { type NxJson, readNxJson } from './nx-json.ts'
import { settingsOf } from './settings.ts'
import { workspaceFilesOnDisk } from './workspace-files.ts'

/** What the files on disk say, read without Nx. */
export interface DiskState {
  readonly nxJson: NxJson
  readonly results: readonly ReaderResult[]
  readonly committed: CommittedClosures
}

/** Reads the workspace. Throws `InterlockError` that names file, line and reason, with its own exit status. */
export function diskState(root: string, nxJson: NxJson = readNxJson(root)): DiskState {
  const files = workspaceFilesOnDisk(root)
  const results = readWorkspace(files, settingsOf(files, registrationOf(nxJson)?.options))
  return { nxJson, results, committed: committedClosures(root, files) }
}

/** The projects whose committed closure is not what the files on disk say. */
export function staleOnDisk({ results, committed }: DiskState): readonly StaleProject[] {
  return staleProjects(results, committed)
}

/** The same; `undefined` where there is no git to list the files, which Nx then has to find. */
export function diskStateIfListed(root: string): DiskState | undefined {
  try {
    return diskState(root)
  } catch (error) {
    if (error instanceof InterlockError && (error.code === 'GIT_FAILED' || error.code === 'TOOL_MISSING')) return undefined
    throw error
  }
}
