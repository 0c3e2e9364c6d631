import { posix } from 'node:path'
import { by, InterlockError, type ProjectEdge, type TomlTable } from '@interlock/kit'
import { crossingsOf } from './crossing.ts'
import type { Manifest } from './manifest.ts'
import type { ProjectLock } from './locks.ts'
import { resolveInside, upwards } from './names.ts'
import type { Requirement } from './requirement.ts'
import type { UvWorkspace } from './workspaces.ts'

/** Everything that an edge may depend on besides the manifest itself. */
export interface Surroundings {
  readonly manifests: ReadonlyMap<string, Manifest>
  readonly workspaces: ReadonlyMap<string, UvWorkspace>
  /** Every listed configuration file. */
  readonly paths: ReadonlySet<string>
  /** Local paths of requirements files, by directory. */
  readonly localRequirements: ReadonlyMap<string, readonly string[]>
}

export interface Links {
  readonly edges: readonly ProjectEdge[]
  /** Edges to Python projects with the extras that they ask for. */
  readonly projects: readonly { readonly root: string; readonly kind: ProjectEdge['kind']; readonly extras: readonly string[] }[]
  /** Files outside the project that the manifest names. */
  readonly outside: readonly string[]
}

/**
 * The edges of one project. A project that a manifest names by path must lie inside the workspace; one that it names only by
 * its name is found through the lock, or through the requirements files above, that say where it lies.
 */
export function linksOf(manifest: Manifest, around: Surroundings, lock: ProjectLock | undefined): Links {
  const installed = installedFrom(manifest, around, lock)
  const found = [...byKind(manifest)].flatMap(([kind, requirement]) => {
    const named = targetsOf(requirement, manifest, around)
    const local = named.length > 0 ? undefined : installed.get(requirement.name)
    return [...named, ...(local === undefined ? [] : [local])].map((path) => ({ path, kind, extras: requirement.extras }))
  })
  const listed = (around.localRequirements.get(manifest.root) ?? []).map((path) => ({
    path: inside(manifest.root, path, manifest.path),
    kind: 'dev' as const,
    extras: [],
  }))
  const all = [...found, ...listed]
  const projects = all
    .filter(({ path }) => path !== manifest.root && around.manifests.get(path)?.name !== undefined)
    .map(({ path, ...rest }) => ({ root: path, ...rest }))
  const crossings = crossingsOf(manifest, around.paths)
  const edges: ProjectEdge[] = [
    ...projects.map(({ root, kind }) => ({ root, kind, ecosystem: 'python' as const })),
    ...crossings.edges,
  ]
  const files = all.flatMap(({ path }) =>
    around.manifests.get(path)?.name === undefined && !isWithin(path, manifest.root) ? [path, `${path}/**/*`] : [],
  )
  return { edges: strongest(edges), projects, outside: [...files, ...crossings.outside] }
}

/** Directories of the projects that the environment of a project is installed from, by their names. */
function installedFrom(manifest: Manifest, around: Surroundings, lock: ProjectLock | undefined): ReadonlyMap<string, string> {
  const locked =
    lock === undefined ? [] : [...lock.graph.directories.keys()].map((path) => [posix.dirname(lock.file), path] as const)
  const listed = upwards(manifest.root).flatMap((directory) =>
    (around.localRequirements.get(directory) ?? []).map((path) => [directory, path] as const),
  )
  const projects = [...locked, ...listed].flatMap(
    ([directory, path]) => around.manifests.get(resolveInside(directory, path) ?? '') ?? [],
  )
  return new Map(projects.filter(({ root }) => root !== manifest.root).map(({ normalized, root }) => [normalized, root]))
}

function byKind(manifest: Manifest): [ProjectEdge['kind'], Requirement][] {
  return [
    ...[...manifest.normal, ...[...manifest.extras.values()].flat()].map((item): [ProjectEdge['kind'], Requirement] => [
      'normal',
      item,
    ]),
    ...manifest.build.map((item): [ProjectEdge['kind'], Requirement] => ['build', item]),
    ...manifest.grouped.map((item): [ProjectEdge['kind'], Requirement] => ['dev', item]),
  ]
}

/** The directories (or archives) that a requirement means; none when it comes from an index or a repository. */
function targetsOf(requirement: Requirement, manifest: Manifest, around: Surroundings): string[] {
  const workspace = around.workspaces.get(manifest.root)
  const direct = requirement.path === undefined ? [] : [inside(manifest.root, requirement.path, manifest.path)]
  if (requirement.name === manifest.normalized) return direct
  const own = manifest.sources.get(requirement.name)
  const sources = own ?? workspace?.root.sources.get(requirement.name)
  if (sources === undefined) {
    const member = workspace?.members.get(requirement.name)
    return member === undefined ? direct : [...direct, member.root]
  }
  const owner = own === undefined ? (workspace?.root ?? manifest) : manifest
  return [...direct, ...sources.flatMap((source) => sourceTargets(source, { requirement, owner, workspace }))]
}

function sourceTargets(
  source: TomlTable,
  { requirement, owner, workspace }: { requirement: Requirement; owner: Manifest; workspace: UvWorkspace | undefined },
): string[] {
  const path = source['path']
  if (typeof path === 'string') return [inside(owner.root, path, owner.path)]
  if (source['workspace'] !== true) return []
  const member = workspace?.members.get(requirement.name)
  if (member !== undefined) return [member.root]
  throw new InterlockError(
    'PYTHON_WORKSPACE_INVALID',
    `tool.uv.sources: \`${requirement.name}\` is not a member of the workspace`,
    {
      file: owner.path,
      hint: 'add its directory to tool.uv.workspace.members, or name another source',
    },
  )
}

function inside(directory: string, path: string, file: string): string {
  const resolved = resolveInside(directory, path)
  if (resolved !== undefined) return resolved
  throw new InterlockError('PYTHON_PATH_OUTSIDE', `path dependency ${JSON.stringify(path)} leads out of the workspace`, {
    file,
    hint: 'move the package into the repository: what lies outside cannot be watched',
  })
}

function isWithin(path: string, directory: string): boolean {
  return directory === '.' || path === directory || path.startsWith(`${directory}/`)
}

const STRENGTH: Readonly<Record<ProjectEdge['kind'], number>> = { normal: 0, build: 1, dev: 2 }

/** One edge per target and ecosystem: the strongest kind. */
function strongest(edges: readonly ProjectEdge[]): ProjectEdge[] {
  const best = new Map<string, ProjectEdge>()
  for (const edge of edges) {
    const key = `${edge.root}\0${edge.ecosystem}`
    const known = best.get(key)
    if (known === undefined || STRENGTH[edge.kind] < STRENGTH[known.kind]) best.set(key, edge)
  }
  return [...best.values()].sort(by((edge) => `${posix.normalize(edge.root)} ${edge.ecosystem}`))
}
