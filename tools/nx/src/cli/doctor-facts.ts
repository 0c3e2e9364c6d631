import { accessSync, constants, existsSync, readFileSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { homedir } from 'node:os'
import { delimiter, isAbsolute, join, posix, resolve } from 'node:path'
import { InterlockError, type WorkspaceFiles } from '@interlock/kit'
import { parse } from 'jsonc-parser'
import { CLOSURES_FILE, type CommittedClosures, staleProjects } from '../core/closures.ts'
import { configFilesAmong, isOnlyPresence, registrationOf } from '../core/config-files.ts'
import type { DoctorFacts, ProjectFacts } from '../core/doctor.ts'
import { type SourceRead, sourceReads } from '../core/doctor-reads.ts'
import { programsOf } from '../core/doctor-targets.ts'
import { staleParents } from '../core/parent-entries.ts'
import { NX_IGNORE, nxIgnore } from '../core/nx-ignore.ts'
import { committedClosures, committableParents } from '../io/facts.ts'
import { gitText, ignoredTrackedFiles, isShallow, submodules, trackedFiles } from '../io/git.ts'
import { askNx, installedNxVersion } from '../io/nx-run.ts'
import { settingsOf } from '../io/settings.ts'
import { workspaceFilesOnDisk } from '../io/workspace-files.ts'
import { readSlices } from './slices.ts'

type Environment = Readonly<Record<string, string | undefined>>
type Table = Readonly<Record<string, unknown>>

/** Looks at the workspace once. What cannot be read becomes a fact of its own; only a missing git or Nx is thrown. */
export async function collectDoctorFacts(root: string, env: Environment): Promise<DoctorFacts> {
  const nxJson = (parse(readFileSync(join(root, 'nx.json'), 'utf8')) as Table | undefined) ?? {}
  const files = workspaceFilesOnDisk(root)
  const graph = await readGraph(root)
  const tracked = await trackedFiles(root)
  return {
    nxVersion: installedNxVersion(root),
    nxJson,
    env,
    ...graph,
    ...slicesOf(root, files),
    closuresIgnoredBy: await closuresIgnoredBy(root),
    irrelevant: irrelevantGlobs(files, nxJson),
    trackedFiles: tracked,
    ignoredTracked: await ignoredTrackedFiles(root),
    reads: rustReads(root, tracked),
    hiddenManifests: hiddenAmong(tracked, files),
    missingPrograms: missingPrograms(root, graph.projects ?? [], env),
    platformPackages: platformPackages(root),
    lockedPlatformPackages: lockedPackages(root),
    shallow: await isShallow(root),
    submodules: await submodules(root),
  }
}

function rustReads(root: string, tracked: readonly string[]): SourceRead[] {
  const sources = tracked.filter((path) => path.endsWith('.rs') && existsSync(join(root, path)))
  return sources.flatMap((path) => sourceReads(path, readFileSync(join(root, path), 'utf8')))
}

function hiddenAmong(tracked: readonly string[], files: WorkspaceFiles): string[] {
  const seen = new Set(files.paths)
  return configFilesAmong(tracked, undefined).filter((path) => !seen.has(path) && !isOnlyPresence(path))
}

interface GraphAnswer {
  readonly graph: {
    readonly nodes: Readonly<Record<string, { readonly name: string; readonly data: NodeData }>>
    readonly dependencies: Readonly<Record<string, readonly { readonly target: string }[]>>
  }
}

interface NodeData {
  readonly root: string
  readonly tags?: readonly string[]
  readonly targets?: ProjectFacts['targets']
  readonly namedInputs?: ProjectFacts['namedInputs']
}

async function readGraph(root: string): Promise<Pick<DoctorFacts, 'projects' | 'graphProblem'>> {
  try {
    const { graph } = (await askNx(root, '--graph', ['run-many', '--targets=test'])) as GraphAnswer
    const projects = Object.values(graph.nodes).map(({ name, data }) => ({
      name,
      root: data.root,
      tags: data.tags ?? [],
      targets: data.targets ?? {},
      namedInputs: data.namedInputs ?? {},
      dependencies: (graph.dependencies[name] ?? []).map(({ target }) => target),
    }))
    return { projects, graphProblem: undefined }
  } catch (error) {
    const isFact = error instanceof InterlockError && (error.code === 'NX_FAILED' || error.code === 'FOLDER_NOT_WRITABLE')
    if (isFact) return { projects: undefined, graphProblem: error.message }
    throw error
  }
}

interface Slices {
  readonly closures: CommittedClosures
  readonly stale: DoctorFacts['stale']
  readonly slicesProblem: string | undefined
  readonly hasLocks: boolean
}

function slicesOf(root: string, files: WorkspaceFiles): Slices {
  const closures = committedClosures(root, files)
  try {
    const results = readSlices(files)
    const hasLocks = results.some((result) => result.projects.some((project) => project.lock !== undefined))
    const parents = committableParents(root, files, results)
    const stale = [...staleProjects(results, closures), ...staleParents(parents, closures)]
    return { closures, stale, slicesProblem: undefined, hasLocks }
  } catch (error) {
    if (!(error instanceof InterlockError)) throw error
    return { closures, stale: undefined, slicesProblem: error.message, hasLocks: true }
  }
}

/** An invalid interlock.yaml fails the graph as well, whose rule names it. */
function irrelevantGlobs(files: WorkspaceFiles, nxJson: Table): readonly string[] {
  try {
    return settingsOf(files, registrationOf(nxJson)?.options).section.irrelevant
  } catch (error) {
    if (error instanceof InterlockError) return []
    throw error
  }
}

/** The line of a .gitignore or of .nxignore that hides closures.json. */
async function closuresIgnoredBy(root: string): Promise<string | undefined> {
  const git = await gitText(root, ['check-ignore', '--verbose', '--no-index', CLOSURES_FILE])
  if (git !== undefined && git !== '') return git.split('\t')[0]
  const file = join(root, NX_IGNORE)
  if (!existsSync(file)) return undefined
  const lines = readFileSync(file, 'utf8').split(/\r?\n/u)
  if (!nxIgnore(new Map([[NX_IGNORE, lines.join('\n')]]))(CLOSURES_FILE)) return undefined
  const last = lines.findLastIndex((line) => nxIgnore(new Map([[NX_IGNORE, line]]))(CLOSURES_FILE))
  return `${NX_IGNORE}:${last + 1}:${lines[last]?.trim() ?? ''}`
}

function missingPrograms(root: string, projects: readonly ProjectFacts[], env: Environment): Record<string, string[]> {
  const missing: Record<string, string[]> = {}
  for (const project of projects) {
    for (const [name, target] of Object.entries(project.targets)) {
      const cwd = typeof target.options?.['cwd'] === 'string' ? target.options['cwd'].replace('{projectRoot}', project.root) : '.'
      for (const program of programsOf(target)) {
        if (!isInstalled(program, resolve(root, cwd), { root, env })) (missing[program] ??= []).push(`${project.name}:${name}`)
      }
    }
  }
  return missing
}

/** Words that a shell runs itself. */
const SHELL_WORDS = new Set(['.', ':', '[', 'cd', 'echo', 'exit', 'export', 'false', 'if', 'printf', 'set', 'test', 'true'])

function isInstalled(program: string, folder: string, place: { readonly root: string; readonly env: Environment }): boolean {
  if (SHELL_WORDS.has(program) || !/^[A-Za-z0-9_@%+=:,./-]+$/u.test(program)) return true
  if (program.includes('/')) return isExecutable(isAbsolute(program) ? program : resolve(folder, program))
  const folders = [
    join(folder, 'node_modules', '.bin'),
    join(place.root, 'node_modules', '.bin'),
    ...(place.env['PATH'] ?? '').split(delimiter),
    // cargo finds its own subcommands here, whatever the path says.
    ...(program.startsWith('cargo-') ? [join(place.env['CARGO_HOME'] ?? join(homedir(), '.cargo'), 'bin')] : []),
  ]
  const names = process.platform === 'win32' ? [`${program}.exe`, `${program}.cmd`, program] : [program]
  return folders.some((each) => each !== '' && names.some((name) => isExecutable(join(each, name))))
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}

/** Names of the platform binaries that the installed Nx can need. */
function platformPackages(root: string): string[] {
  const path = createRequire(join(root, 'package.json')).resolve('nx/package.json')
  const optional = (readJson(path)?.['optionalDependencies'] ?? {}) as Table
  return Object.keys(optional).filter((name) => name.startsWith('@nx/nx-'))
}

function lockedPackages(root: string): string[] | undefined {
  const packages = readJson(join(root, 'package-lock.json'))?.['packages'] as Table | undefined
  return packages === undefined
    ? undefined
    : Object.keys(packages).map((path) => path.split(`node_modules${posix.sep}`).at(-1) ?? path)
}

function readJson(path: string): Table | undefined {
  if (!existsSync(path)) return undefined
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Table
  } catch (cause) {
    throw new InterlockError('CONFIG_INVALID', 'is not valid JSON', { file: path, cause })
  }
}
