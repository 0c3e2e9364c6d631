import { posix } from 'node:path'
import {
  expectBoolean,
  expectString,
  expectStrings,
  expectTable,
  InterlockError,
  isTable,
  parseToml,
  type PlacedTable,
  type TomlPlace,
  type TomlTable,
  type TomlValue,
} from '@interlock/kit'
import { isDistributionName, normalizeName } from './names.ts'
import { poetryRequirements } from './poetry-manifest.ts'
import { parseRequirement, type Requirement } from './requirement.ts'

/** What a pyproject.toml says, without regard to any other file. */
export interface Manifest {
  readonly path: string
  readonly root: string
  readonly table: TomlTable
  /** As written; `undefined` for a file that only configures tools. */
  readonly name: string | undefined
  readonly normalized: string
  readonly normal: readonly Requirement[]
  readonly extras: ReadonlyMap<string, readonly Requirement[]>
  readonly groups: ReadonlyMap<string, readonly Requirement[]>
  readonly build: readonly Requirement[]
  /** Of all groups. */
  readonly grouped: readonly Requirement[]
  /** All of them, the build back end's included. */
  readonly requirements: readonly Requirement[]
  /** The names of all but the build back end's: what an environment of the project holds. */
  readonly installs: ReadonlySet<string>
  readonly backend: string
  readonly hasBuildSystem: boolean
  readonly requiresPython: string | undefined
  readonly scripts: boolean
  readonly isPoetry: boolean
  /** `[tool.uv.sources]`: one or more sources per normalised name. */
  readonly sources: ReadonlyMap<string, readonly TomlTable[]>
  readonly workspace: { readonly members: readonly string[]; readonly exclude: readonly string[] } | undefined
}

/** Reads one pyproject.toml. Throws `PYTHON_MANIFEST_UNREADABLE` or `GRAPH_NAME_UNSAFE` with the file's name. */
export function parseManifest(path: string, text: string): Manifest {
  const place: TomlPlace = {
    file: path,
    code: 'PYTHON_MANIFEST_UNREADABLE',
    hint: 'mend the file; until then the graph is unknown',
  }
  const from: PlacedTable = { table: parseToml(text, place), place }
  const project = expectTable(from, ['project'])
  const poetry = expectTable(from, ['tool', 'poetry'])
  const name = isOnlyRoot(from) ? undefined : nameOf(from, project, poetry)
  const own = pep621(from)
  const old = poetry === undefined ? undefined : poetryRequirements({ table: poetry, place })
  const groups = new Map([...groupsOf(from), ...(old?.groups ?? [])])
  const normal = [...own.normal, ...(old?.normal ?? [])]
  const grouped = [...groups.values()].flat()
  const installed = [...normal, ...[...own.extras.values()].flat(), ...grouped]
  const build = requirements(from, ['build-system', 'requires'])
  return {
    path,
    root: posix.dirname(path),
    table: from.table,
    name,
    normalized: normalizeName(name ?? ''),
    normal,
    extras: own.extras,
    groups,
    build,
    grouped,
    requirements: [...installed, ...build],
    installs: new Set(installed.map((item) => item.name)),
    backend: expectString(from, ['build-system', 'build-backend']) ?? '',
    hasBuildSystem: expectTable(from, ['build-system']) !== undefined,
    requiresPython: expectString(from, ['project', 'requires-python']) ?? old?.python,
    scripts: (expectTable(from, ['project', 'scripts']) ?? expectTable(from, ['tool', 'poetry', 'scripts'])) !== undefined,
    isPoetry: poetry !== undefined,
    sources: sourcesOf(from),
    workspace: workspaceOf(from),
  }
}

/** The root of a uv workspace that is no package and needs nothing itself: it holds the members' tools and settings. */
function isOnlyRoot(from: PlacedTable): boolean {
  if (expectTable(from, ['tool', 'uv', 'workspace']) === undefined) return false
  const needs = [
    ...(expectStrings(from, ['project', 'dependencies']) ?? []),
    ...Object.keys(expectTable(from, ['project', 'optional-dependencies']) ?? {}),
  ]
  const packaged = expectTable(from, ['build-system']) !== undefined && expectBoolean(from, ['tool', 'uv', 'package']) !== false
  return needs.length === 0 && !packaged
}

function nameOf(from: PlacedTable, project: TomlTable | undefined, poetry: TomlTable | undefined): string | undefined {
  const name = expectString(from, ['project', 'name']) ?? expectString(from, ['tool', 'poetry', 'name'])
  const file = from.place.file
  if (name === undefined) {
    if (project === undefined && (poetry === undefined || poetry['dependencies'] === undefined)) return undefined
    if (project === undefined) return posix.basename(posix.dirname(file)) === '.' ? 'root' : posix.basename(posix.dirname(file))
    throw new InterlockError('PYTHON_MANIFEST_UNREADABLE', '`project` has no `name`', { file, hint: 'add `name` to [project]' })
  }
  if (isDistributionName(name)) return name
  throw new InterlockError('GRAPH_NAME_UNSAFE', `${JSON.stringify(name)} is not a name of a Python package`, {
    file,
    hint: 'use ASCII letters, digits, `-`, `_` and `.`, with a letter or digit at both ends',
  })
}

function pep621(from: PlacedTable): { normal: Requirement[]; extras: Map<string, Requirement[]> } {
  const extras = Object.keys(expectTable(from, ['project', 'optional-dependencies']) ?? {}).map(
    (extra) => [normalizeName(extra), requirements(from, ['project', 'optional-dependencies', extra])] as const,
  )
  return { normal: requirements(from, ['project', 'dependencies']), extras: new Map(extras) }
}

function requirements(from: PlacedTable, path: readonly string[]): Requirement[] {
  return (expectStrings(from, path) ?? []).map((text) => expectRequirement(text, from.place))
}

function expectRequirement(text: string, place: TomlPlace): Requirement {
  const requirement = parseRequirement(text)
  if (requirement !== undefined) return requirement
  throw new InterlockError(place.code, `${JSON.stringify(text)} is not a requirement`, { file: place.file, hint: place.hint })
}

/** PEP 735 groups with their includes resolved, and uv's older `dev-dependencies`. */
function groupsOf(from: PlacedTable): Map<string, Requirement[]> {
  const table = expectTable(from, ['dependency-groups']) ?? {}
  const items = new Map<string, TomlValue>(Object.entries(table).map(([name, value]) => [normalizeName(name), value]))
  const groups = new Map([...items.keys()].map((name) => [name, groupItems(name, { items, place: from.place, open: [] })]))
  const legacy = requirements(from, ['tool', 'uv', 'dev-dependencies'])
  if (legacy.length > 0) groups.set('dev', [...(groups.get('dev') ?? []), ...legacy])
  for (const name of Object.keys(expectTable(from, ['tool', 'pdm', 'dev-dependencies']) ?? {})) {
    const listed = expectStrings(from, ['tool', 'pdm', 'dev-dependencies', name]) ?? []
    const named = listed.map((text) => parseRequirement(text.replace(/^-e\s+(\S+?)#egg=(\S+)$/, '$2 @ $1')))
    groups.set(
      `pdm-${normalizeName(name)}`,
      named.filter((item) => item !== undefined),
    )
  }
  const hatch = Object.keys(expectTable(from, ['tool', 'hatch', 'envs']) ?? {})
  for (const name of hatch) {
    const extra = [
      ...requirements(from, ['tool', 'hatch', 'envs', name, 'dependencies']),
      ...requirements(from, ['tool', 'hatch', 'envs', name, 'extra-dependencies']),
    ]
    if (extra.length > 0) groups.set(`hatch-${normalizeName(name)}`, extra)
  }
  return groups
}

interface GroupContext {
  readonly items: ReadonlyMap<string, TomlValue>
  readonly place: TomlPlace
  readonly open: readonly string[]
}

function groupItems(name: string, { items, place, open }: GroupContext): Requirement[] {
  const broken = (reason: string): InterlockError =>
    new InterlockError(place.code, `dependency group \`${name}\` ${reason}`, { file: place.file, hint: place.hint })
  const list = items.get(name)
  if (list === undefined) throw broken('is included but does not exist')
  if (open.includes(name)) throw broken(`includes itself: ${[...open, name].join(' -> ')}`)
  if (!Array.isArray(list)) throw broken('must be an array')
  return (list as readonly TomlValue[]).flatMap((item) => {
    if (typeof item === 'string') return [expectRequirement(item, place)]
    const include = isTable(item) ? item['include-group'] : undefined
    if (typeof include !== 'string') throw broken('holds something that is neither a requirement nor an include-group')
    return groupItems(normalizeName(include), { items, place, open: [...open, name] })
  })
}

function sourcesOf(from: PlacedTable): Map<string, readonly TomlTable[]> {
  const sources = new Map<string, readonly TomlTable[]>()
  for (const [name, value] of Object.entries(expectTable(from, ['tool', 'uv', 'sources']) ?? {})) {
    const listed: readonly TomlValue[] = Array.isArray(value) ? (value as readonly TomlValue[]) : [value]
    sources.set(
      normalizeName(name),
      listed.filter((item) => isTable(item)),
    )
  }
  return sources
}

function workspaceOf(from: PlacedTable): Manifest['workspace'] {
  const path = ['tool', 'uv', 'workspace']
  if (expectTable(from, path) === undefined) return undefined
  return { members: expectStrings(from, [...path, 'members']) ?? [], exclude: expectStrings(from, [...path, 'exclude']) ?? [] }
}
