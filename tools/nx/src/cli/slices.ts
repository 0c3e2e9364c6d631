import { posix } from 'node:path'
import { readCargo } from '@interlock/cargo'
import type { ReaderOptions, ReaderResult, WorkspaceFiles } from '@interlock/kit'
import { workspacePackages } from '@interlock/kit/nx'
import { readPython } from '@interlock/python'
import { CLOSURES_FILE, type CommittedClosures, readClosures } from '../core/closures.ts'
import { configFilesAmong, registrationOf } from '../core/config-files.ts'
import { projectParentsAmong } from '../core/directories.ts'
import { NX_IGNORE, nxIgnore } from '../core/nx-ignore.ts'
import { javascriptProjects } from '../core/packages.ts'
import { workspaceFilesAtCommit } from '../io/git-files.ts'
import { parseNxJson } from '../io/nx-json.ts'

const NX_JSON = 'nx.json'
const PACKAGE_JSON = 'package.json'

/** Slices are made of manifests and locks alone: no option of the plugin changes one. */
const ANY_OPTIONS: ReaderOptions = { targets: {}, cargoTestRunner: 'cargo', pythonVersions: [], allowNoTests: [] }

/** Projects with their slices and the committed digests, at one state of the workspace. */
export interface SliceState {
  readonly results: readonly ReaderResult[]
  readonly committed: CommittedClosures
  /** Directories directly below which projects lie, and no file of a folder that is none. */
  readonly parents: ReadonlySet<string>
}

/** The state at a commit, from git's objects. Throws what the readers throw for a manifest that was broken there. */
export async function slicesAtCommit(root: string, commit: string): Promise<SliceState> {
  const settings = await workspaceFilesAtCommit(root, commit, (paths) => paths.filter(isSetting))
  const isIgnored = nxIgnore(
    new Map(settings.paths.filter((path) => path !== NX_JSON).map((path) => [path, settings.read(path)])),
  )
  const registration = settings.paths.includes(NX_JSON) ? registrationOf(parseNxJson(settings.read(NX_JSON))) : undefined
  let seen: readonly string[] = []
  const files = await workspaceFilesAtCommit(root, commit, (paths) => {
    seen = paths.filter((path) => !isIgnored(path))
    return configFilesAmong(seen, registration)
  })
  const committed = readClosures(files.paths.includes(CLOSURES_FILE) ? files.read(CLOSURES_FILE) : undefined)
  const results = readSlices(files)
  const roots = results.flatMap((result) => result.projects.map((project) => project.root))
  return { results, committed, parents: projectParentsAmong([...roots, ...packageDirectories(root, files)], seen) }
}

/** Directories of the npm packages and of what has a project.json. */
function packageDirectories(root: string, files: WorkspaceFiles): string[] {
  const isMember = files.paths.includes(PACKAGE_JSON) ? workspacePackages(root, (path) => files.read(path)) : () => false
  return javascriptProjects(files, isMember).map((project) => project.root)
}

/** What both readers find in these files. */
export function readSlices(files: WorkspaceFiles): readonly ReaderResult[] {
  return [readCargo(files, ANY_OPTIONS), readPython(files, ANY_OPTIONS)]
}

/** The files that decide which others Nx lets the plugin see. */
function isSetting(path: string): boolean {
  return path === NX_JSON || posix.basename(path) === NX_IGNORE
}
