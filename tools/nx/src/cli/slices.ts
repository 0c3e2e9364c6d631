import { readCargo } from '@interlock/cargo'
import type { ReaderOptions, ReaderResult, WorkspaceFiles } from '@interlock/kit'
import { readPython } from '@interlock/python'
import { parse } from 'jsonc-parser'
import { CLOSURES_FILE, type CommittedClosures, readClosures } from '../core/closures.ts'
import { configFilesAmong, registrationOf } from '../core/config-files.ts'
import { workspaceFilesAtCommit } from '../io/git.ts'

/** Slices are made of manifests and locks alone: no option of the plugin changes one. */
const ANY_OPTIONS: ReaderOptions = { targets: {}, cargoTestRunner: 'cargo', pythonVersions: [], allowNoTests: [] }

/** Projects with their slices and the committed digests, at one state of the workspace. */
export interface SliceState {
  readonly results: readonly ReaderResult[]
  readonly committed: CommittedClosures
}

/** The state at a commit, from git's objects. Throws what the readers throw for a manifest that was broken there. */
export async function slicesAtCommit(root: string, commit: string): Promise<SliceState> {
  const nxJson = await nxJsonAtCommit(root, commit)
  const files = await workspaceFilesAtCommit(root, commit, (paths) => configFilesAmong(paths, registrationOf(nxJson)))
  const committed = readClosures(files.paths.includes(CLOSURES_FILE) ? files.read(CLOSURES_FILE) : undefined)
  return { results: readSlices(files), committed }
}

/** What both readers find in these files. */
export function readSlices(files: WorkspaceFiles): readonly ReaderResult[] {
  return [readCargo(files, ANY_OPTIONS), readPython(files, ANY_OPTIONS)]
}

async function nxJsonAtCommit(root: string, commit: string): Promise<{ readonly plugins?: readonly unknown[] }> {
  const files = await workspaceFilesAtCommit(root, commit, (paths) => paths.filter((path) => path === 'nx.json'))
  return files.paths.length === 0 ? {} : (parse(files.read('nx.json')) as { readonly plugins?: readonly unknown[] })
}
