import { posix } from 'node:path'
import {
  by,
  createMemo,
  InterlockError,
  type Reader,
  type ReaderOptions,
  type ReaderProject,
  type ReaderResult,
  sliceDigest,
  sortedUnique,
  type WorkspaceFiles,
} from '@interlock/kit'
import { isMaturin } from './crossing.ts'
import { type Links, linksOf, type Surroundings } from './edges.ts'
import { externalsOf, keyOf } from './externals.ts'
import { lockFiles, lockOf, type ProjectLock } from './locks.ts'
import type { LockGraph } from './lock.ts'
import { readRequirements } from './lock-requirements.ts'
import { type Manifest, parseManifest } from './manifest.ts'
import { reachedProjects, sliceOf } from './slice.ts'
import { targetsOf } from './targets.ts'
import { uvWorkspaces } from './workspaces.ts'

const OWN_FILES = [
  '**/pyproject.toml',
  '**/uv.lock',
  '**/poetry.lock',
  '**/pdm.lock',
  '**/pylock.toml',
  '**/pylock.*.toml',
  '**/requirements*.txt',
  '**/requirements*.in',
  '**/requirements.lock',
  '**/.python-version',
  '**/{mypy,.mypy,pytest,.pytest,tox}.ini',
  '**/{ruff,.ruff}.toml',
  '**/.coveragerc',
]

const manifestMemo = createMemo<Manifest>(4096)
const localMemo = createMemo<readonly string[]>(512)
const resultMemo = createMemo<ReaderResult>(4)

/**
 * Every Python project of the workspace with its edges, targets and slice of the lock, from pyproject.toml files and lock
 * files alone: no interpreter, no uv, no network. The same files and options give the same result.
 */
export const readPython: Reader = (files, options) => {
  const relevant = files.paths.filter((path) => isRead(path))
  const digests = relevant.map((path) => `${path} ${files.digest(path)}`)
  const present = files.paths.filter((path) => !isRead(path))
  const key = sliceDigest([...digests, JSON.stringify(present), JSON.stringify(options)])
  return resultMemo(key, () => readAll(files, options))
}

function isRead(path: string): boolean {
  return /(^|\/)(pyproject\.toml|uv\.lock|poetry\.lock|pylock[^/]*\.toml|requirements[^/]*\.(txt|lock))$/.test(path)
}

function readAll(files: WorkspaceFiles, options: ReaderOptions): ReaderResult {
  const manifests = readManifests(files)
  const around: Surroundings = {
    manifests,
    workspaces: uvWorkspaces(manifests),
    paths: new Set(files.paths),
    localRequirements: localRequirements(files),
  }
  const own = [...manifests.values()].filter((manifest) => manifest.name !== undefined)
  const candidates = lockFiles(files)
  const locks = new Map(
    own.map((manifest) => [manifest.root, lockOf(manifest, around.workspaces.get(manifest.root), candidates)]),
  )
  const links = new Map(own.map((manifest) => [manifest.root, linksOf(manifest, around, locks.get(manifest.root))]))
  const used = new Map<string, ProjectLock>()
  const unowned = new Map<LockGraph, readonly number[]>()
  const names = new Set(own.map((manifest) => manifest.normalized))
  const projects = own.map((manifest) => readProject(manifest, { options, around, links, locks, used, names, unowned }))
  return {
    ecosystem: 'python',
    projects: projects.sort(by((project) => project.root)),
    externals: externalsOf([...used.values()]),
    ownFiles: OWN_FILES,
  }
}

function readManifests(files: WorkspaceFiles): Map<string, Manifest> {
  const paths = files.paths.filter((path) => posix.basename(path) === 'pyproject.toml')
  return new Map(
    paths.map((path) => [
      posix.dirname(path),
      manifestMemo(`${path}\0${files.digest(path)}`, () => parseManifest(path, files.read(path))),
    ]),
  )
}

function localRequirements(files: WorkspaceFiles): Map<string, readonly string[]> {
  const found = new Map<string, readonly string[]>()
  for (const path of files.paths) {
    if (!/(^|\/)requirements[^/]*\.(txt|lock)$/.test(path)) continue
    const local = localMemo(`${path}\0${files.digest(path)}`, () => readRequirements(files.read(path)).local)
    const directory = posix.dirname(path)
    found.set(directory, [...(found.get(directory) ?? []), ...local])
  }
  return found
}

interface ProjectContext {
  readonly options: ReaderOptions
  readonly around: Surroundings
  readonly links: ReadonlyMap<string, Links>
  readonly locks: ReadonlyMap<string, ProjectLock | undefined>
  readonly used: Map<string, ProjectLock>
  readonly names: ReadonlySet<string>
  readonly unowned: Map<LockGraph, readonly number[]>
}

function readProject(manifest: Manifest, context: ProjectContext): ReaderProject {
  const { around, links, options, used } = context
  const workspace = around.workspaces.get(manifest.root)
  const lock = context.locks.get(manifest.root)
  const reached = reachedProjects(manifest, around.manifests, links)
  if (lock !== undefined) used.set(lock.file, lock)
  const sliced =
    lock === undefined
      ? undefined
      : sliceOf(manifest, lock, {
          workspace,
          reached,
          paths: around.paths,
          names: context.names,
          unowned: context.unowned,
        })
  const own = links.get(manifest.root)
  if (own === undefined || manifest.name === undefined) {
    throw new InterlockError('PYTHON_MANIFEST_UNREADABLE', 'a project without a name was read', { file: manifest.path })
  }
  const kind = manifest.scripts ? 'application' : 'library'
  return {
    ecosystem: 'python',
    root: manifest.root,
    name: manifest.name,
    manifest: manifest.path,
    kind,
    tags: ['lang:python', `type:${kind}`],
    dependencies: own.edges,
    externals: lock === undefined ? [] : namedExternals(manifest, lock),
    lock: sliced?.slice,
    targets: targetsOf(manifest, {
      workspace,
      lock,
      isLocked: sliced?.holds ?? (() => false),
      paths: around.paths,
      needsWheel: [...reached].some((other) => isMaturin(other)),
      options,
    }),
    outside: sortedUnique([...own.outside, ...readme(manifest)]),
  }
}

function namedExternals(manifest: Manifest, { graph }: ProjectLock): string[] {
  const nodes = manifest.requirements.flatMap((item) => graph.byName.get(item.name) ?? [])
  const known = nodes.flatMap((index) => graph.nodes[index] ?? [])
  return sortedUnique(known.flatMap((node) => keyOf(node) ?? []))
}

/** A readme or licence outside the package's directory. */
function readme(manifest: Manifest): string[] {
  const project = manifest.table['project']
  const named = typeof project === 'object' && 'readme' in project ? project['readme'] : undefined
  const path = typeof named === 'object' && 'file' in named ? named['file'] : named
  if (typeof path !== 'string' || !path.startsWith('../')) return []
  const joined = posix.join(manifest.root, path)
  return joined.startsWith('../') ? [] : [joined]
}
