import {
  canonical,
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
import { checksumOf, createGraphBuilder, type GraphBuilder, type LockGraph, lockLine, shortDigest } from './lock.ts'
import { lockLimits } from './limits.ts'
import { normalizeName } from './names.ts'

const LOCAL_KINDS = ['editable', 'virtual', 'directory'] as const

interface Need {
  readonly written: string
  readonly version: string | undefined
  readonly extras: readonly string[]
  readonly marker: string
}

interface Packed {
  readonly name: string
  readonly version: string | undefined
  readonly local: string | undefined
  /** Normalised names of its extras, whose parts follow the first one. */
  readonly extras: readonly string[]
  /** Base first, then extras and groups: node number and what it needs. */
  readonly parts: readonly { readonly index: number; readonly needs: readonly Need[]; readonly group: boolean }[]
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
        part.needs.flatMap((need) => targetsOf(need, bases)),
      )
  }
  const locals = packed.filter((item) => item.local !== undefined)
  const root = locals.find((item) => item.local === '.')
  const groups = Object.values(tableAt(from.table, ['manifest', 'dependency-groups']) ?? {}).flatMap((list) => tablesIn(list))
  const named = [...groups, ...tablesIn(tableAt(from.table, ['manifest'])?.['requirements'])]
  const everyone = named.flatMap((table) => targetsOf(needOf(table), bases))
  return builder.finish({
    starts: new Map(locals.map((item) => [item.name, item.parts.map((part) => part.index)])),
    directories: new Map(locals.map((item) => [item.local ?? '', item.name])),
    everyone: [...everyone, ...(root?.parts ?? []).filter((part) => part.group).map((part) => part.index)],
    ...lockLimits(from.table),
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
  const source = tableAt(table, ['source']) ?? {}
  const local = LOCAL_KINDS.map((kind) => source[kind]).find((path) => typeof path === 'string')
  const hashes = hashesOf(table)
  const markers = (stringsAt(table, ['resolution-markers']) ?? []).join(' | ')
  const part = (suffix: string, dependencies: readonly TomlTable[], group = false): Packed['parts'][number] => {
    const needs = dependencies.map(needOf)
    const texts = [...(suffix === '' ? [...hashes, ...origin(source)] : []), ...needs.map(needText)]
    const shown = `${name}${suffix}`
    const line =
      local === undefined
        ? lockLine({ name: shown, version: version ?? 'dynamic', digest: shortDigest(texts), markers })
        : `${shown} in the workspace ${shortDigest(texts)}`
    const index = builder.add({ name: shown, version, line, checksum: checksumOf(hashes) })
    return { index, needs, group }
  }
  const optional = Object.entries(tableAt(table, ['optional-dependencies']) ?? {})
  const groups = Object.entries(tableAt(table, ['dev-dependencies']) ?? {})
  const parts = [
    part('', tablesIn(table['dependencies'])),
    ...optional.map(([extra, list]) => part(`[${normalizeName(extra)}]`, tablesIn(list))),
    ...groups.map(([group, list]) => part(`:${normalizeName(group)}`, tablesIn(list), true)),
  ]
  return { name, version, local, extras: optional.map(([extra]) => normalizeName(extra)), parts }
}

/** Where several versions are locked a dependency says which one it means. */
function targetsOf({ written, version, extras }: Need, bases: ReadonlyMap<string, readonly Packed[]>): number[] {
  const all = bases.get(normalizeName(written)) ?? []
  const exact = version === undefined ? all : all.filter((item) => item.version === version)
  const chosen = exact.length === 0 ? all : exact
  const wanted = extras.map((extra) => normalizeName(extra))
  return chosen.flatMap((item) => {
    const [base, ...others] = item.parts
    const asked = wanted.flatMap((extra) => others[item.extras.indexOf(extra)] ?? [])
    return [base, ...asked].flatMap((part) => part?.index ?? [])
  })
}

function needOf(table: TomlTable): Need {
  return {
    written: stringAt(table, ['name']) ?? '',
    version: stringAt(table, ['version']),
    extras: stringsAt(table, ['extra']) ?? stringsAt(table, ['extras']) ?? [],
    marker: stringAt(table, ['marker']) ?? '',
  }
}

function needText({ written, extras, marker }: Need): string {
  return `needs ${written}[${extras.join(',')}] ${marker}`
}

function hashesOf(table: TomlTable): string[] {
  const files = [...(tablesAt(table, ['wheels']) ?? []), ...[tableAt(table, ['sdist']) ?? []].flat()]
  return files.flatMap((file) => stringAt(file, ['hash']) ?? [])
}

/** What pins a package that has no registry: the revision of a repository, the name of an archive. */
function origin(source: TomlTable): string[] {
  const git = stringAt(source, ['git'])
  if (git !== undefined) return [`git ${git.replace(/^[^#]*/, '')} ${/[?&]subdirectory=([^&#]*)/.exec(git)?.[1] ?? ''}`]
  const path = stringAt(source, ['path'])
  if (path !== undefined) return [`path ${path}`]
  return stringAt(source, ['url']) === undefined ? [] : ['url']
}

function tablesIn(value: TomlTable[string] | undefined): readonly TomlTable[] {
  return Array.isArray(value) ? (value as readonly TomlTable[string][]).filter((item) => isTable(item)) : []
}
