import { isTable, sortedUnique, stringAt, type TomlTable, type TomlValue } from '@interlock/kit'
import { canonical } from './canonical.ts'
import { createMemo, type Memo } from './memo.ts'
import type { Crate, Manifest, Workspace } from './model.ts'

/** Tables of the root package: theirs are read by it and by whoever reaches it. */
const PACKAGE_TABLES = 'package project lib bin example test bench features badges lints hints target'
const DEPENDENCY_TABLES = 'dependencies build-dependencies build_dependencies dev-dependencies dev_dependencies'
const PACKAGE_KEYS: ReadonlySet<string> = new Set(`${PACKAGE_TABLES} ${DEPENDENCY_TABLES}`.split(' '))
const DEV_KEYS: ReadonlySet<string> = new Set(['dev-dependencies', 'dev_dependencies'])

/** Keys of `[workspace]` that the graph has, or that are attributed to those who inherit them. */
const WORKSPACE_KEYS: ReadonlySet<string> = new Set([
  'members',
  'exclude',
  'default-members',
  'dependencies',
  'package',
  'lints',
  'resolver',
])

const everyone: Memo<readonly string[]> = createMemo(64)

/**
 * A member's share of the root manifest: what it and the members it reaches inherit, the root package's own tables when
 * it reaches that, and for everyone patches, profiles, the resolver and every table that is not known.
 */
export function manifestShare(crate: Crate, reached: readonly Crate[], digest: string): readonly string[] {
  const { workspace } = crate
  const members = reached.filter((other) => other.workspace === workspace)
  const lines = new Set(everyone.get(digest, () => linesForEveryone(workspace)))
  for (const line of inheritedLines(crate, true)) lines.add(line)
  for (const member of members) {
    for (const line of inheritedLines(member, false)) lines.add(line)
    if (member.root === workspace.root) for (const line of rootPackageLines(workspace.manifest)) lines.add(line)
  }
  return sortedUnique(lines)
}

function linesForEveryone({ manifest }: Workspace): string[] {
  const { table } = manifest
  const lines = Object.entries(table).flatMap(([key, value]) => {
    if (key === 'workspace') return []
    if (manifest.package !== undefined && PACKAGE_KEYS.has(key)) return []
    return expanded(key, value)
  })
  const unknown = Object.entries((table['workspace'] ?? {}) as TomlTable).filter(([key]) => !WORKSPACE_KEYS.has(key))
  return [
    ...lines,
    ...unknown.flatMap(([key, value]) => expanded(`workspace.${key}`, value)),
    `resolver = ${canonical(resolver(manifest))}`,
  ]
}

/** The resolver that holds for all members: as named, else by the edition of the root package. */
function resolver({ package: section, workspace, table }: Manifest): string {
  const named = workspace?.resolver ?? section?.resolver
  if (named !== undefined) return named
  const edition =
    section?.edition ??
    (section?.inherits.includes('edition') === true ? stringAt(table, ['workspace', 'package', 'edition']) : undefined)
  return edition === '2024' ? '3' : edition === '2021' ? '2' : '1'
}

function inheritedLines(crate: Crate, own: boolean): string[] {
  const { manifest } = crate.workspace
  const shared = (manifest.table['workspace'] ?? {}) as TomlTable
  const dependencies = crate.dependencies
    .filter(({ inherited, kind }) => inherited && (own || kind !== 'dev'))
    .map(({ key }) => key)
  return [
    ...picked(shared, 'dependencies', dependencies),
    ...picked(shared, 'package', crate.package.inherits),
    ...(crate.package.inheritsLints ? expanded('workspace.lints', shared['lints'] ?? {}) : []),
  ]
}

function picked(shared: TomlTable, table: string, keys: readonly string[]): string[] {
  const values = (shared[table] ?? {}) as TomlTable
  return keys.map((key) => `workspace.${table}.${name(key)} = ${canonical(values[key] ?? {})}`)
}

function rootPackageLines({ table }: Manifest): string[] {
  return Object.entries(table).flatMap(([key, value]) =>
    PACKAGE_KEYS.has(key) && !DEV_KEYS.has(key) ? expanded(key, value) : [],
  )
}

/** One line per entry of a table, so that a reviewer sees which one moved. */
function expanded(key: string, value: TomlValue): string[] {
  if (!isTable(value) || Object.keys(value).length === 0) return [`${name(key)} = ${canonical(value)}`]
  return Object.entries(value).map(([entry, item]) => `${name(key)}.${name(entry)} = ${canonical(item)}`)
}

function name(key: string): string {
  return /^[\w.-]+$/.test(key) ? key : JSON.stringify(key)
}
