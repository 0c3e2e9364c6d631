import { posix } from 'node:path'
import { by, InterlockError, parseToml, type PlacedTable, type TomlPlace, type WorkspaceFiles } from '@interlock/kit'
import type { LockGraph } from './lock.ts'
import { parsePoetryLock } from './lock-poetry.ts'
import { parsePylock } from './lock-pylock.ts'
import { parseRequirementsLock, readRequirements } from './lock-requirements.ts'
import { parseUvLock } from './lock-uv.ts'
import type { Manifest } from './manifest.ts'
import { createMemo } from './memo.ts'
import { resolveInside, upwards } from './names.ts'
import type { UvWorkspace } from './workspaces.ts'

export interface ProjectLock {
  readonly file: string
  readonly graph: LockGraph
  readonly kind: 'uv' | 'poetry' | 'pylock' | 'requirements'
}

/** Locks by directory, best first: `uv.lock`, `poetry.lock`, `pylock*.toml`, `requirements.lock`, `requirements*.txt`. */
export type LockFiles = ReadonlyMap<string, readonly string[]>

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

export function lockFiles(paths: readonly string[]): LockFiles {
  const found = new Map<string, string[]>()
  for (const path of paths) {
    if (rankOf(path) === -1) continue
    const directory = posix.dirname(path)
    found.set(directory, [...(found.get(directory) ?? []), path])
  }
  for (const list of found.values()) list.sort(by((path) => `${rankOf(path)} ${path}`))
  return found
}

/** The lock that decides what a project's tasks see: its uv workspace's, else the nearest up the tree that can be its. */
export function lockOf(
  manifest: Manifest,
  workspace: UvWorkspace | undefined,
  { files, locks }: { files: WorkspaceFiles; locks: LockFiles },
): ProjectLock | undefined {
  if (workspace !== undefined) {
    const file = locks.get(workspace.root.root)?.find((path) => kindOf(path) === 'uv')
    if (file !== undefined) return memberLock(manifest, readLock(file, files))
  }
  for (const directory of upwards(manifest.root)) {
    for (const file of locks.get(directory) ?? []) {
      if (kindOf(file) === 'requirements' && !isPinned(file, files)) continue
      const lock = readLock(file, files)
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

function readLock(file: string, files: WorkspaceFiles): ProjectLock {
  const kind = kindOf(file)
  return { file, kind, graph: graphs(`${file}\0${files.digest(file)}`, () => parseLock(kind, file, files.read(file))) }
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

function kindOf(path: string): ProjectLock['kind'] {
  return RANKS[rankOf(path)]?.kind ?? 'requirements'
}

function rankOf(path: string): number {
  const name = posix.basename(path)
  return RANKS.findIndex((rank) => rank.form.test(name))
}
