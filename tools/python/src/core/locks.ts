import { posix } from 'node:path'
import { by, createMemo, InterlockError, parseToml, type PlacedTable, type TomlPlace, type WorkspaceFiles } from '@interlock/kit'
import type { LockGraph } from './lock.ts'
import { parsePoetryLock } from './lock-poetry.ts'
import { parsePylock } from './lock-pylock.ts'
import { parseRequirementsLock, readRequirements } from './lock-requirements.ts'
import { parseUvLock } from './lock-uv.ts'
import type { Manifest } from './manifest.ts'
import { resolveInside, upwards } from './names.ts'
import type { UvWorkspace } from './workspaces.ts'

export interface ProjectLock {
  readonly file: string
  readonly graph: LockGraph
  readonly kind: 'uv' | 'poetry' | 'pylock' | 'requirements'
}

/** A file that may be a lock. It is read when a project may use it. */
interface LockFile extends Pick<ProjectLock, 'file' | 'kind'> {
  readonly rank: number
  readonly read: () => ProjectLock
}

/** Locks by directory, best first: `uv.lock`, `poetry.lock`, `pylock*.toml`, `requirements.lock`, `requirements*.txt`. */
export type LockFiles = ReadonlyMap<string, readonly LockFile[]>

const RANKS: readonly { kind: ProjectLock['kind']; form: RegExp }[] = [
  { kind: 'uv', form: /^uv\.lock$/ },
  { kind: 'poetry', form: /^poetry\.lock$/ },
  { kind: 'pylock', form: /^pylock(\.[^.]+)?\.toml$/ },
  { kind: 'requirements', form: /^requirements\.lock$/ },
  { kind: 'requirements', form: /^requirements\.txt$/ },
  { kind: 'requirements', form: /^requirements[^/]*\.(txt|lock)$/ },
]

const graphs = createMemo<LockGraph>(64)
const pinned = createMemo<{ value: boolean }>(512)

export function lockFiles(files: WorkspaceFiles): LockFiles {
  const found = new Map<string, LockFile[]>()
  for (const file of files.paths) {
    const name = posix.basename(file)
    const rank = RANKS.findIndex(({ form }) => form.test(name))
    const kind = RANKS[rank]?.kind
    if (kind === undefined || (kind === 'requirements' && !isPinned(file, files))) continue
    let lock: ProjectLock | undefined
    const read = (): ProjectLock => (lock ??= { file, kind, graph: readGraph(kind, file, files) })
    const directory = posix.dirname(file)
    found.set(directory, [...(found.get(directory) ?? []), { file, kind, rank, read }])
  }
  for (const list of found.values()) list.sort(by(({ rank, file }) => `${rank} ${file}`))
  return found
}

/** The lock that decides what a project's tasks see: its uv workspace's, else the nearest up the tree that can be its. */
export function lockOf(manifest: Manifest, workspace: UvWorkspace | undefined, locks: LockFiles): ProjectLock | undefined {
  if (workspace !== undefined) {
    const file = locks.get(workspace.root.root)?.find(({ kind }) => kind === 'uv')
    if (file !== undefined) return memberLock(manifest, file.read())
  }
  for (const directory of upwards(manifest.root)) {
    for (const file of locks.get(directory) ?? []) {
      const lock = file.read()
      if (!mayServe(lock, manifest, workspace)) continue
      return lock.kind === 'uv' ? memberLock(manifest, lock) : lock
    }
  }
  return undefined
}

function memberLock(manifest: Manifest, lock: ProjectLock): ProjectLock {
  if (lock.graph.starts.has(manifest.normalized)) return lock
  throw new InterlockError(
    'PYTHON_LOCK_INCOMPLETE',
    `the lock misses the workspace member \`${manifest.name}\` (${manifest.path})`,
    {
      file: lock.file,
      hint: 'run `uv lock`',
    },
  )
}

/** A lock of uv or Poetry serves the package beside it and those that it names by directory; the others whatever is below. */
function mayServe({ kind, file, graph }: ProjectLock, manifest: Manifest, workspace: UvWorkspace | undefined): boolean {
  const directory = posix.dirname(file)
  if (kind === 'pylock' || kind === 'requirements') return true
  if (directory === manifest.root) return kind === 'poetry' || workspace === undefined || workspace.root.root === directory
  return [...graph.directories.keys()].some((path) => resolveInside(directory, path) === manifest.root)
}

function readGraph(kind: ProjectLock['kind'], file: string, files: WorkspaceFiles): LockGraph {
  return graphs(`${file}\0${files.digest(file)}`, () => parseLock(kind, file, files.read(file)))
}

function parseLock(kind: ProjectLock['kind'], file: string, text: string): LockGraph {
  if (kind === 'requirements') return parseRequirementsLock(text)
  const place: TomlPlace = { file, code: 'PYTHON_LOCK_UNREADABLE', hint: 'write the lock again with the tool that made it' }
  const from: PlacedTable = { table: parseToml(text, place), place }
  if (kind === 'uv') return parseUvLock(from)
  return kind === 'poetry' ? parsePoetryLock(from) : parsePylock(from)
}

function isPinned(file: string, files: WorkspaceFiles): boolean {
  return pinned(`${file}\0${files.digest(file)}`, () => ({ value: readRequirements(files.read(file)).pinned })).value
}
