import type { WorkspaceFiles } from '@interlock/kit'
import { readLock, type Lock, type LockedPackage } from './lock.ts'
import type { Crate, ResolvedDependency, Workspace } from './model.ts'
import { resolvePath } from './paths.ts'
import { problem } from './problem.ts'
import { maySatisfy } from './requirement.ts'

/** A workspace's lock, joined with the crates of the repository. */
export interface LockedWorkspace {
  readonly file: string
  readonly lock: Lock
  /** Index of each member's own entry, by directory. */
  readonly entries: ReadonlyMap<string, number>
  /** The crate of the repository behind an entry without a source; `undefined` when it lies elsewhere. */
  readonly crateAt: (index: number) => Crate | undefined
  readonly isMember: (crate: Crate) => boolean
  /** What dependencies of crates resolve to, as far as it was asked for. */
  readonly resolved: Map<Crate, readonly (readonly number[])[]>
}

interface Known {
  readonly crates: ReadonlyMap<string, Crate>
  readonly cratesByName: ReadonlyMap<string, readonly Crate[]>
}

/** Reads and joins the lock of a workspace; `undefined` when it has none. Throws `CARGO_LOCK_INCOMPLETE` when a member is missing. */
export function lockedWorkspace(
  files: WorkspaceFiles,
  workspace: Workspace,
  { crates, cratesByName }: Known,
): LockedWorkspace | undefined {
  const file = workspace.lockFile
  if (file === undefined) return undefined
  const lock = readLock(file, files.digest(file), () => files.read(file))
  const byIndex = new Map<number, Crate>()
  const entries = new Map<string, number>()
  for (const root of workspace.members) {
    const crate = crates.get(root) as Crate
    const index = pick(lock, crate)
    if (index === undefined) throw missingMember(files, crate, file)
    entries.set(root, index)
    byIndex.set(index, crate)
  }
  const declared = new Set(reachableDirectories(workspace, crates))
  const crateAt = (index: number): Crate | undefined => {
    const entry = lock.packages[index]
    if (entry === undefined || entry.source !== undefined) return undefined
    return byIndex.get(index) ?? outsider(entry)
  }
  return { file, lock, entries, crateAt, isMember: (crate) => crate.workspace === workspace, resolved: new Map() }

  /** A crate of the repository that is no member: declared by path, else (a patch in Cargo's configuration) of that name. */
  function outsider({ name, version }: LockedPackage): Crate | undefined {
    const candidates = (cratesByName.get(name) ?? []).filter((crate) => crate.workspace !== workspace)
    const preferred = candidates.filter((crate) => declared.has(crate.root))
    const pool = preferred.length > 0 ? preferred : candidates
    return pool.find((crate) => crate.version === version) ?? preferred[0]
  }
}

/** The entry of a member. A version that was only raised in the manifest does not hide it. */
function pick({ byName, packages }: Lock, crate: Crate): number | undefined {
  const local = (byName.get(crate.package.name) ?? []).filter((index) => packages[index]?.source === undefined)
  return local.find((index) => packages[index]?.version === crate.version) ?? local[0]
}

/** Directories that path dependencies and patches lead to from the members, through other workspaces too. */
function reachableDirectories(workspace: Workspace, crates: ReadonlyMap<string, Crate>): Set<string> {
  const found = new Set<string>()
  const queue: string[] = [...workspace.members, ...patchedCrates(workspace, crates).map((crate) => crate.root)]
  for (let root = queue.pop(); root !== undefined; root = queue.pop()) {
    if (found.has(root)) continue
    found.add(root)
    for (const { directory } of crates.get(root)?.dependencies ?? []) if (directory !== undefined) queue.push(directory)
  }
  return found
}

/** Crates of the repository that `[patch]` or `[replace]` puts in the place of a registry's. */
export function patchedCrates(workspace: Workspace, crates: ReadonlyMap<string, Crate>): Crate[] {
  return workspace.manifest.patchPaths.flatMap((path) => {
    const directory = resolvePath(workspace.root, path)
    return (directory === undefined ? undefined : crates.get(directory)) ?? []
  })
}

function missingMember(files: WorkspaceFiles, crate: Crate, file: string): Error {
  return problem(files, {
    code: 'CARGO_LOCK_INCOMPLETE',
    message: `has no entry for the workspace member ${crate.package.name} (${crate.file})`,
    file,
    hint: 'run `cargo update --workspace --offline` and commit the lock file',
  })
}

/** The entries that each dependency of a crate may resolve to, in the order of its dependencies. Asked for often, so kept with the lock. */
export function resolveDependencies(locked: LockedWorkspace, crate: Crate): readonly (readonly number[])[] {
  const known = locked.resolved.get(crate)
  if (known !== undefined) return known
  const entry = locked.lock.packages[locked.entries.get(crate.root) ?? -1]
  const needs = entry?.dependencies ?? []
  const found = crate.dependencies.map((dependency) => resolve(locked.lock, dependency, needs))
  locked.resolved.set(crate, found)
  return found
}

/**
 * Cargo.lock has no kinds, so among several versions of a name those count that the requirement and the kind of source
 * allow, and all of them when none does.
 */
function resolve({ packages, byName }: Lock, dependency: ResolvedDependency, needs: readonly number[]): readonly number[] {
  const candidates = byName.get(dependency.name) ?? []
  const only = candidates.length === 1 ? candidates[0] : undefined
  if (only !== undefined) return needs.includes(only) ? candidates : []
  const named = candidates.filter((index) => needs.includes(index))
  if (named.length < 2) return named
  const fitting = named.filter((index) => {
    const one = packages[index]
    if (one === undefined || (dependency.path !== undefined && one.source !== undefined)) return false
    return maySatisfy(one.version, dependency.requirement)
  })
  return fitting.length === 0 ? named : fitting
}
