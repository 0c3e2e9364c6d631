import {
  canonical,
  expectTables,
  isTable,
  type PlacedTable,
  stringAt,
  stringsAt,
  tableAt,
  tablesAt,
  type TomlTable,
  type TomlValue,
} from '@interlock/kit'
import { checksumOf, createGraphBuilder, type LockGraph, lockLine, shortDigest } from './lock.ts'
import { tooNew } from './lock-uv.ts'
import { normalizeName } from './names.ts'

/** Reads poetry.lock with lock-version 1.x and 2.x. The slice of its project begins at the names in the manifest. */
export function parsePoetryLock(from: PlacedTable): LockGraph {
  const version = stringAt(from.table, ['metadata', 'lock-version']) ?? '1.0'
  if (Number.parseInt(version, 10) > 2) throw tooNew(from, `poetry.lock has lock-version ${version}, known are 1 and 2`)
  const builder = createGraphBuilder()
  const packages = expectTables(from, ['package']) ?? []
  const drafts = packages.map((table) => {
    const name = normalizeName(stringAt(table, ['name']) ?? '')
    const local = stringAt(table, ['source', 'type']) === 'directory' ? stringAt(table, ['source', 'url']) : undefined
    const hashes = hashesOf(table, from.table)
    const digest = shortDigest([...hashes, ...pin(table), ...dependencyTexts(table)])
    const line =
      local === undefined
        ? lockLine({ name, version: stringAt(table, ['version']) ?? '', digest, markers: markersOf(table) })
        : `${name} in the workspace ${shortDigest(dependencyTexts(table))}`
    const index = builder.add({ name, version: stringAt(table, ['version']), line, checksum: checksumOf(hashes) })
    return { table, index, name, local }
  })
  for (const { table, index } of drafts) {
    const names = Object.keys(tableAt(table, ['dependencies']) ?? {}).map((name) => normalizeName(name))
    builder.connect(
      index,
      names.flatMap((name) => builder.named(name)),
    )
  }
  return builder.finish({
    starts: new Map(),
    directories: new Map(drafts.flatMap(({ local, name }) => (local === undefined ? [] : [[local, name] as const]))),
    everyone: [],
    shared: [],
    limits: [],
  })
}

function hashesOf(table: TomlTable, lock: TomlTable): string[] {
  const files = tablesAt(table, ['files']) ?? tablesAt(lock, ['metadata', 'files', stringAt(table, ['name']) ?? '']) ?? []
  return files.flatMap((file) => stringAt(file, ['hash']) ?? [])
}

/** A repository's resolved revision; an address is no part of a slice. */
function pin(table: TomlTable): string[] {
  const revision = stringAt(table, ['source', 'resolved_reference'])
  return revision === undefined ? [] : [`git ${revision} ${stringAt(table, ['source', 'subdirectory']) ?? ''}`]
}

function markersOf(table: TomlTable): string {
  const markers: TomlValue | undefined = table['markers'] ?? table['marker']
  if (markers === undefined) return ''
  return typeof markers === 'string' ? markers : canonical(markers)
}

function dependencyTexts(table: TomlTable): string[] {
  return Object.entries(tableAt(table, ['dependencies']) ?? {}).map(([name, value]) => {
    const shown = isTable(value) ? { ...value, url: '' } : value
    return `needs ${name} ${canonical(shown)} ${(stringsAt(table, ['extras', name]) ?? []).join(',')}`
  })
}
