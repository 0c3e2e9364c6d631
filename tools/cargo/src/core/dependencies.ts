import { expectBoolean, expectString, expectTable, InterlockError, isTable, type PlacedTable } from '@interlock/kit'
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
  const table = expectTable(from, path)
  return table === undefined ? [] : Object.keys(table).map((key) => dependency(from, [...path, key], kind))
}

function dependency(from: PlacedTable, path: readonly string[], kind: DependencyKind): Dependency {
  const key = path.at(-1) ?? ''
  const [entry, parent] = [path.reduce<unknown>((value, part) => (value as Record<string, unknown>)[part], from.table), from]
  if (typeof entry === 'string') return { key, name: key, kind, path: undefined, inherited: false, requirement: entry }
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry) || !isTable(entry as never)) {
    const message = `\`${path.join('.')}\` must be a version or a table`
    throw new InterlockError(from.place.code, message, { file: from.place.file, hint: from.place.hint })
  }
  return {
    key,
    name: expectString(parent, [...path, 'package']) ?? key,
    kind,
    path: expectString(parent, [...path, 'path']),
    requirement: expectString(parent, [...path, 'version']),
    inherited: expectBoolean(parent, [...path, 'workspace']) ?? false,
  }
}
