import {
  expectBoolean,
  expectString,
  expectTable,
  InterlockError,
  isTable,
  type PlacedTable,
  type TomlTable,
  type TomlValue,
} from '@interlock/kit'
import type { Dependency, DependencyKind } from './model.ts'

const TABLES: readonly (readonly [string, DependencyKind])[] = [
  ['dependencies', 'normal'],
  ['build-dependencies', 'build'],
  ['build_dependencies', 'build'],
  ['dev-dependencies', 'dev'],
  ['dev_dependencies', 'dev'],
]

/** Every dependency of a manifest, of all kinds, features and platforms. */
export function dependenciesOf(from: PlacedTable): Dependency[] {
  const found = dependencyTables(from, [])
  for (const platform of Object.keys(expectTable(from, ['target']) ?? {}))
    found.push(...dependencyTables(from, ['target', platform]))
  return found
}

function dependencyTables(from: PlacedTable, parent: readonly string[]): Dependency[] {
  const found: Dependency[] = []
  const tables = expectTable(from, parent) ?? {}
  for (const [table, kind] of TABLES)
    if (Object.hasOwn(tables, table)) found.push(...dependencyTable(from, [...parent, table], kind))
  return found
}

/** The entries of one dependency table. */
export function dependencyTable(from: PlacedTable, path: readonly string[], kind: DependencyKind): Dependency[] {
  const found: Dependency[] = []
  const table = expectTable(from, path) ?? {}
  for (const key of Object.keys(table)) found.push(dependency(table[key] ?? '', { from, path, kind, key }))
  return found
}

interface Place {
  readonly from: PlacedTable
  /** Of the dependency table. */
  readonly path: readonly string[]
  readonly kind: DependencyKind
  readonly key: string
}

function dependency(entry: TomlValue, place: Place): Dependency {
  const { key, kind } = place
  if (typeof entry === 'string') return { key, name: key, kind, path: undefined, inherited: false, requirement: entry }
  if (!isTable(entry)) throw noDependency(place)
  return {
    key,
    name: text(entry, 'package', place) ?? key,
    kind,
    path: text(entry, 'path', place),
    inherited: flag(entry, 'workspace', place) === true,
    requirement: text(entry, 'version', place),
  }
}

/** The long way, which names the whole key, only where it is an error: a repository has thousands of dependencies. */
function text(entry: TomlTable, field: string, { from, path, key }: Place): string | undefined {
  const value = entry[field]
  return value === undefined || typeof value === 'string' ? value : expectString(from, [...path, key, field])
}

function flag(entry: TomlTable, field: string, { from, path, key }: Place): boolean | undefined {
  const value = entry[field]
  return value === undefined || typeof value === 'boolean' ? value : expectBoolean(from, [...path, key, field])
}

function noDependency({ from, path, key }: Place): InterlockError {
  const message = `\`${[...path, key].join('.')}\` must be a version or a table`
  return new InterlockError(from.place.code, message, { file: from.place.file, hint: from.place.hint })
}
