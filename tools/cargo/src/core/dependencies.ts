import {
  expectBoolean,
  expectString,
  expectTable,
  InterlockError,
  isTable,
  valueAt,
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
  const platforms = Object.keys(expectTable(from, ['target']) ?? {})
  const places = [[], ...platforms.map((platform) => ['target', platform])]
  return places.flatMap((path) => TABLES.flatMap(([table, kind]) => dependencyTable(from, [...path, table], kind)))
}

/** The entries of one dependency table. */
export function dependencyTable(from: PlacedTable, path: readonly string[], kind: DependencyKind): Dependency[] {
  if (valueAt(from.table, path) === undefined) return []
  const table = expectTable(from, path) ?? {}
  return Object.entries(table).map(([key, entry]) => dependency(entry, { from, path: [...path, key], kind }))
}

interface Place {
  readonly from: PlacedTable
  readonly path: readonly string[]
  readonly kind: DependencyKind
}

function dependency(entry: TomlValue, place: Place): Dependency {
  const { from, path, kind } = place
  const key = path.at(-1) ?? ''
  if (typeof entry === 'string') return { key, name: key, kind, path: undefined, inherited: false, requirement: entry }
  if (!isTable(entry)) {
    const message = `\`${path.join('.')}\` must be a version or a table`
    throw new InterlockError(from.place.code, message, { file: from.place.file, hint: from.place.hint })
  }
  return {
    key,
    name: text(entry, 'package', place) ?? key,
    kind,
    path: text(entry, 'path', place),
    requirement: text(entry, 'version', place),
    inherited: entry['workspace'] !== undefined && expectBoolean(from, [...path, 'workspace']) === true,
  }
}

/** The long way, which names the whole key, only where it is an error: a repository has thousands of dependencies. */
function text(entry: TomlTable, key: string, { from, path }: Place): string | undefined {
  const value = entry[key]
  return value === undefined || typeof value === 'string' ? value : expectString(from, [...path, key])
}
