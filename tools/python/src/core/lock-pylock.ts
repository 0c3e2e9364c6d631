import { canonical, expectTables, type PlacedTable, stringAt, tableAt, tablesAt, type TomlTable } from '@interlock/kit'
import { checksumOf, createGraphBuilder, type LockGraph, lockLine, shortDigest } from './lock.ts'
import { tooNew } from './lock-uv.ts'
import { normalizeName } from './names.ts'

/**
 * Reads pylock.toml (PEP 751). A lock that gives no package's dependencies (uv writes none) belongs as a whole to each of
 * its projects: who needs what is unknown.
 */
export function parsePylock(from: PlacedTable): LockGraph {
  const version = stringAt(from.table, ['lock-version'])
  if (version === undefined || Number.parseInt(version, 10) !== 1)
    throw tooNew(from, `pylock.toml has lock-version ${version ?? '(none)'}, known is 1.0`)
  const builder = createGraphBuilder()
  const drafts = (expectTables(from, ['packages']) ?? []).map((table) => {
    const name = normalizeName(stringAt(table, ['name']) ?? '')
    const local = stringAt(table, ['directory', 'path'])
    const hashes = hashesOf(table)
    const parts = {
      name,
      version: stringAt(table, ['version']) ?? stringAt(table, ['vcs', 'commit-id']) ?? 'unversioned',
      digest: shortDigest([...hashes, stringAt(table, ['vcs', 'commit-id']) ?? '']),
      markers: stringAt(table, ['marker']) ?? '',
    }
    const line = local === undefined ? lockLine(parts) : undefined
    const index = builder.add({ name, version: stringAt(table, ['version']), line, checksum: checksumOf(hashes) })
    return { table, index, name, local }
  })
  const known = drafts.some(({ table }) => tablesAt(table, ['dependencies']) !== undefined)
  for (const { table, index } of drafts) {
    const names = (tablesAt(table, ['dependencies']) ?? []).map((item) => normalizeName(stringAt(item, ['name']) ?? ''))
    builder.connect(
      index,
      names.flatMap((name) => builder.named(name)),
    )
  }
  return builder.finish({
    starts: new Map(),
    directories: new Map(drafts.flatMap(({ local, name }) => (local === undefined ? [] : [[local, name] as const]))),
    everyone: known ? [] : drafts.map(({ index }) => index),
    shared: [],
    limits: [],
  })
}

function hashesOf(table: TomlTable): string[] {
  const files = [
    ...(tablesAt(table, ['wheels']) ?? []),
    ...[tableAt(table, ['sdist']) ?? [], tableAt(table, ['archive']) ?? []].flat(),
  ]
  return files.flatMap((file) =>
    Object.entries(tableAt(file, ['hashes']) ?? {}).map(([kind, hash]) => `${kind}:${canonical(hash)}`),
  )
}
