import { posix } from 'node:path'
import { readCargo } from '@interlock/cargo'
import type { ReaderOptions, ReaderResult, WorkspaceFiles } from '@interlock/kit'
import { readPython } from '@interlock/python'
import { CLOSURES_FILE, type CommittedClosures, readClosures } from '../core/closures.ts'
import { configFilesAmong, registrationOf } from '../core/config-files.ts'
import { NX_IGNORE, nxIgnore } from '../core/nx-ignore.ts'
import { workspaceFilesAtCommit } from '../io/git-files.ts'
import { parseNxJson } from '../io/nx-json.ts'

const NX_JSON = 'nx.json'

/** Slices are made of manifests and locks alone: no option of the plugin changes one. */
const ANY_OPTIONS: ReaderOptions = { targets: {}, cargoTestRunner: 'cargo', pythonVersions: [], allowNoTests: [] }

/** Projects with their slices and the committed digests, at one state of the workspace. */
export interface SliceState {
  readonly results: readonly ReaderResult[]
  readonly committed: CommittedClosures
  /** Directories with a package.json or project.json. */
  readonly packages: readonly string[]
}

/** The state at a commit, from git's objects. Throws what the readers throw for a manifest that was broken there. */
export async function slicesAtCommit(root: string, commit: string): Promise<SliceState> {
  const settings = await workspaceFilesAtCommit(root, commit, (paths) => paths.filter(isSetting))
  const isIgnored = nxIgnore(
    new Map(settings.paths.filter((path) => path !== NX_JSON).map((path) => [path, settings.read(path)])),
  )
  const registration = settings.paths.includes(NX_JSON) ? registrationOf(parseNxJson(settings.read(NX_JSON))) : undefined
  const files = await workspaceFilesAtCommit(root, commit, (paths) =>
    configFilesAmong(paths, registration).filter((path) => !isIgnored(path)),
  )
  const committed = readClosures(files.paths.includes(CLOSURES_FILE) ? files.read(CLOSURES_FILE) : undefined)
  return { results: readSlices(files), committed, packages: packageDirectories(files.paths) }
}

/** Directories that hold a package.json or project.json. */
export function packageDirectories(paths: readonly string[]): string[] {
  return paths.filter((path) => /(?:^|\/)(?:package|project)\.json$/.test(path)).map((path) => posix.dirname(path))
}

/** What both readers find in these files. */
export function readSlices(files: WorkspaceFiles): readonly ReaderResult[] {
  return [readCargo(files, ANY_OPTIONS), readPython(files, ANY_OPTIONS)]
}

/** The files that decide which others Nx lets the plugin see. */
function isSetting(path: string): boolean {
  return path === NX_JSON || posix.basename(path) === NX_IGNORE
}
