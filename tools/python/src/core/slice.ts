import { posix } from 'node:path'
import { type LockedSlice, sortedUnique, tableAt } from '@interlock/kit'
import type { Links } from './edges.ts'
import { holdsNode, linesOf, type LockGraph, nodesFor, reachedFrom } from './lock.ts'
import type { ProjectLock } from './locks.ts'
import type { Manifest } from './manifest.ts'
import { rootLines } from './root-lines.ts'
import type { Requirement } from './requirement.ts'
import type { UvWorkspace } from './workspaces.ts'

export interface SliceContext {
  readonly workspace: UvWorkspace | undefined
  readonly reached: ReadonlySet<Manifest>
  readonly paths: ReadonlySet<string>
  /** Normalised names of all projects. */
  readonly names: ReadonlySet<string>
  /** Kept through one reading, because it is the same for every project of a lock. */
  readonly unowned: Map<LockGraph, readonly number[]>
}

/** The projects whose code a project needs: its dependencies of all kinds, and their normal and build ones. */
export function reachedProjects(
  manifest: Manifest,
  manifests: ReadonlyMap<string, Manifest>,
  links: ReadonlyMap<string, Links>,
): ReadonlySet<Manifest> {
  const reached = new Set<Manifest>()
  const open = [...(links.get(manifest.root)?.projects ?? [])]
  for (let link = open.pop(); link !== undefined; link = open.pop()) {
    const target = manifests.get(link.root)
    if (target === undefined || target === manifest || reached.has(target)) continue
    reached.add(target)
    for (const next of links.get(link.root)?.projects ?? []) if (next.kind !== 'dev') open.push(next)
  }
  return reached
}

export interface Sliced {
  readonly slice: LockedSlice
  /** Whether the slice holds a package, by normalised name. */
  readonly holds: (name: string) => boolean
}

/** The part of the lock and of the root manifest that decides a project's tasks. */
export function sliceOf(manifest: Manifest, lock: ProjectLock, context: SliceContext): Sliced {
  const { graph } = lock
  const { reached } = context
  const shared = rootGroups(context.workspace, manifest)
  const wanted = [...manifest.requirements, ...shared]
  const exact = lock.kind === 'uv' && graph.starts.has(manifest.normalized)
  const byName = !exact || (context.workspace?.root.sources.size ?? 0) > 0
  if (byName) for (const other of reached) wanted.push(...other.normal, ...other.build, ...[...other.extras.values()].flat())
  const starts = [
    ...(graph.starts.get(manifest.normalized) ?? []),
    ...(lock.kind === 'uv' ? [] : [...reached].flatMap((other) => graph.starts.get(other.normalized) ?? [])),
    ...(exact ? uvRequirements(graph, manifest, shared) : wanted.flatMap((item) => nodesFor(graph, item.name, item.extras))),
    ...graph.everyone,
    ...unowned(graph, context),
    ...testPlugins(graph, manifest),
  ]
  const held = reachedFrom(graph, starts)
  const holds = (name: string): boolean => graph.byName.get(name)?.some((node) => holdsNode(graph, held, node)) === true
  const limits = graph.limits.filter(({ name }) => holds(name)).map(({ line }) => line)
  // A limit that the lock does not know is newer than the lock, and may concern anybody.
  const isConcerned = (name: string): boolean =>
    graph.byName.has(name) ? holds(name) : graph.limits.every((limit) => limit.name !== name)
  const missing = missingLines(lock, [manifest, ...reached], { graph, workspace: context.workspace, wanted })
  const root = context.workspace?.root
  const names = new Set(wanted.map((item) => item.name))
  const outer = root !== undefined && root !== manifest && !isInside(root.path, manifest.root) ? root : undefined
  return {
    slice: {
      complete: missing.length === 0,
      file: lock.file,
      rootManifest: outer?.path,
      packages: withLines(linesOf(graph, held), [...graph.shared, ...limits, ...missing, ...[...reached].map(readLine)]),
      manifestLines:
        outer === undefined
          ? []
          : rootLines(outer, { member: manifest, names, reachesRoot: reached.has(outer), isConcerned, paths: context.paths }),
    },
    holds,
  }
}

/** So that the slice moves when a project that is needed has gone, which the lock may not notice. */
function readLine({ normalized }: Manifest): string {
  return `${normalized} is a project here`
}

/** Adds a few lines to many that are sorted. */
function withLines(sorted: string[], extra: readonly string[]): string[] {
  return extra.length === 0 ? sorted : sortedUnique([...sorted, ...extra])
}

/** The groups of the workspace's root are the environment in which every member's tools run. */
function rootGroups(workspace: UvWorkspace | undefined, manifest: Manifest): readonly Requirement[] {
  return workspace === undefined || workspace.root === manifest ? [] : workspace.root.grouped
}

/** In uv.lock a member's own entries say exactly what it needs; build requirements and the root's groups are by name. */
function uvRequirements(graph: LockGraph, manifest: Manifest, shared: readonly Requirement[]): number[] {
  return [...manifest.build, ...shared].flatMap((item) => nodesFor(graph, item.name, item.extras))
}

/** Packages that the lock gives to a name that no manifest has, such as a workspace root that is no project: everyone's. */
function unowned(graph: LockGraph, { names, unowned: known }: SliceContext): readonly number[] {
  const found = known.get(graph) ?? [...graph.starts].flatMap(([name, nodes]) => (names.has(name) ? [] : nodes))
  known.set(graph, found)
  return found
}

/** pytest loads every plugin of the shared environment by itself. */
function testPlugins(graph: LockGraph, manifest: Manifest): readonly number[] {
  const configured = tableAt(manifest.table, ['tool', 'pytest']) !== undefined
  return configured || manifest.requirements.some((item) => item.name === 'pytest') ? graph.testPlugins : []
}

/** A name that the manifests ask for and the lock does not know: the slice moves when it appears. */
function missingLines(
  lock: ProjectLock,
  manifests: readonly Manifest[],
  { graph, workspace, wanted }: { graph: LockGraph; workspace: UvWorkspace | undefined; wanted: readonly Requirement[] },
): string[] {
  if (lock.kind === 'uv') return []
  const own = new Set(manifests.map((manifest) => manifest.normalized))
  const absent = wanted.filter(({ name, path }) => {
    return path === undefined && !graph.byName.has(name) && !own.has(name) && workspace?.members.has(name) !== true
  })
  return [...new Set(absent.map(({ name }) => `${name} is not in the lock`))]
}

function isInside(path: string, directory: string): boolean {
  return directory === '.' || posix.dirname(path) === directory || path.startsWith(`${directory}/`)
}
