import {
  expectTables,
  InterlockError,
  isTable,
  type PlacedTable,
  stringAt,
  stringsAt,
  tableAt,
  tablesAt,
  type TomlTable,
} from '@interlock/kit'
import { canonical } from './canonical.ts'
import { checksumOf, createGraphBuilder, type GraphBuilder, type LockGraph, lockLine, shortDigest } from './lock.ts'
import { normalizeName } from './names.ts'

const LOCAL_KINDS = ['editable', 'virtual', 'directory'] as const

interface Packed {
  readonly table: TomlTable
  readonly name: string
  readonly version: string | undefined
  readonly local: string | undefined
  /** Base first, then extras and groups: node number and its dependency tables. */
  readonly parts: readonly { readonly index: number; readonly dependencies: readonly TomlTable[]; readonly group: boolean }[]
}

/** Reads uv.lock: schema version 1 with any revision (a revision only adds what older versions of uv ignore). */
export function parseUvLock(from: PlacedTable): LockGraph {
  const version = from.table['version']
  if (version !== 1)
    throw tooNew(from, `uv.lock has version ${version === undefined ? '(none)' : canonical(version)}, known is 1`)
  const builder = createGraphBuilder()
  const packed = (expectTables(from, ['package']) ?? []).map((table) => pack(table, builder, from))
  const bases = new Map<string, Packed[]>()
  for (const item of packed) bases.set(item.name, [...(bases.get(item.name) ?? []), item])
  for (const item of packed) {
    for (const part of item.parts)
      builder.connect(
        part.index,
        part.dependencies.flatMap((table) => targetsOf(table, { bases, builder })),
      )
  }
  const locals = packed.filter((item) => item.local !== undefined)
  const root = locals.find((item) => item.local === '.')
  const groups = Object.values(tableAt(from.table, ['manifest', 'dependency-groups']) ?? {}).flatMap((list) => tablesIn(list))
  const named = [...groups, ...tablesIn(tableAt(from.table, ['manifest'])?.['requirements'])]
  const everyone = named.flatMap((table) => targetsOf(table, { bases, builder }))
  return builder.finish({
    starts: new Map(locals.map((item) => [item.name, item.parts.map((part) => part.index)])),
    directories: new Map(locals.map((item) => [item.local ?? '', item.name])),
    everyone: [...everyone, ...(root?.parts ?? []).filter((part) => part.group).map((part) => part.index)],
    lines: manifestLines(from.table),
    namesMembers: true,
  })
}

export function tooNew(from: PlacedTable, message: string): InterlockError {
  return new InterlockError('PYTHON_LOCK_TOO_NEW', message, {
    file: from.place.file,
    hint: 'update Interlock, or write the lock with an older version of the tool',
  })
}

function pack(table: TomlTable, builder: GraphBuilder, from: PlacedTable): Packed {
  const written = stringAt(table, ['name'])
  if (written === undefined) {
    throw new InterlockError('PYTHON_LOCK_UNREADABLE', 'a package has no name', {
      file: from.place.file,
      hint: 'write the lock again',
    })
  }
  const name = normalizeName(written)
  const version = stringAt(table, ['version'])
  const local = LOCAL_KINDS.map((kind) => stringAt(table, ['source', kind])).find((path) => path !== undefined)
  const hashes = hashesOf(table)
  const part = (suffix: string, dependencies: readonly TomlTable[], group = false): Packed['parts'][number] => {
    const texts = [...(suffix === '' ? [...hashes, ...origin(table)] : []), ...dependencies.map((item) => edgeText(item))]
    const markers = (stringsAt(table, ['resolution-markers']) ?? []).join(' | ')
    const shown = `${name}${suffix}`
    const line =
      local === undefined
        ? lockLine({ name: shown, version: version ?? 'dynamic', digest: shortDigest(texts), markers })
        : `${shown} in the workspace ${shortDigest(texts)}`
    const index = builder.add({ name: shown, version, line, checksum: checksumOf(hashes) })
    return { index, dependencies, group }
  }
  const extras = Object.entries(tableAt(table, ['optional-dependencies']) ?? {})
  const groups = Object.entries(tableAt(table, ['dev-dependencies']) ?? {})
  const parts = [
    part('', tablesIn(table['dependencies'])),
    ...extras.map(([extra, list]) => part(`[${normalizeName(extra)}]`, tablesIn(list))),
    ...groups.map(([group, list]) => part(`:${normalizeName(group)}`, tablesIn(list), true)),
  ]
  return { table, name, version, local, parts }
}

/** A dependency of a lock: where several versions are locked it says which one it means. */
function targetsOf(table: TomlTable, lock: { bases: ReadonlyMap<string, readonly Packed[]>; builder: GraphBuilder }): number[] {
  const name = normalizeName(stringAt(table, ['name']) ?? '')
  const version = stringAt(table, ['version'])
  const all = lock.bases.get(name) ?? []
  const exact = version === undefined ? all : all.filter((item) => item.version === version)
  const chosen = exact.length === 0 ? all : exact
  const wanted = stringsAt(table, ['extra']) ?? stringsAt(table, ['extras']) ?? []
  const extras = new Set(wanted.map((extra) => `${name}[${normalizeName(extra)}]`))
  return chosen.flatMap((item) =>
    item.parts.filter((_, position) => position === 0 || isWanted(item, position, extras)).map((part) => part.index),
  )
}

function isWanted(item: Packed, position: number, wanted: ReadonlySet<string>): boolean {
  const extras = Object.keys(tableAt(item.table, ['optional-dependencies']) ?? {})
  const extra = extras[position - 1]
  return extra !== undefined && wanted.has(`${item.name}[${normalizeName(extra)}]`)
}

function hashesOf(table: TomlTable): string[] {
  const files = [...(tablesAt(table, ['wheels']) ?? []), ...[tableAt(table, ['sdist']) ?? []].flat()]
  return files.flatMap((file) => stringAt(file, ['hash']) ?? [])
}

/** What pins a package that has no registry: the revision of a repository, the name of an archive. */
function origin(table: TomlTable): string[] {
  const git = stringAt(table, ['source', 'git'])
  if (git !== undefined) return [`git ${git.replace(/^[^#]*/, '')} ${/[?&]subdirectory=([^&#]*)/.exec(git)?.[1] ?? ''}`]
  const path = stringAt(table, ['source', 'path'])
  if (path !== undefined) return [`path ${path}`]
  return stringAt(table, ['source', 'url']) === undefined ? [] : ['url']
}

function edgeText(table: TomlTable): string {
  const extras = stringsAt(table, ['extra']) ?? stringsAt(table, ['extras']) ?? []
  return `needs ${stringAt(table, ['name']) ?? ''}[${extras.join(',')}] ${stringAt(table, ['marker']) ?? ''}`
}

/** Constraints and overrides shape every resolution. */
function manifestLines(table: TomlTable): string[] {
  const keys = ['constraints', 'overrides', 'build-constraints', 'excludes']
  return keys.flatMap((key) => {
    const value = tableAt(table, ['manifest'])?.[key]
    return value === undefined ? [] : [`manifest ${key} ${shortDigest([canonical(value).replaceAll(/https?:[^"]*/g, '')])}`]
  })
}

function tablesIn(value: TomlTable[string] | undefined): readonly TomlTable[] {
  return Array.isArray(value) ? (value as readonly TomlTable[string][]).filter((item) => isTable(item)) : []
}
