import { expectString, expectTable, isTable, type PlacedTable, type TomlTable, type TomlValue } from '@interlock/kit'
import { normalizeName } from './names.ts'
import type { Requirement } from './requirement.ts'

export interface PoetryRequirements {
  readonly normal: readonly Requirement[]
  readonly groups: ReadonlyMap<string, readonly Requirement[]>
  /** Poetry's own version constraint, e.g. `^3.9`. */
  readonly python: string | undefined
}

/** The dependencies of a `[tool.poetry]` table: main, the old `dev-dependencies`, and groups. */
export function poetryRequirements(from: PlacedTable): PoetryRequirements {
  const groups = new Map<string, readonly Requirement[]>()
  const old = expectTable(from, ['dev-dependencies'])
  if (old !== undefined) groups.set('poetry-dev-dependencies', tableRequirements(old))
  for (const name of Object.keys(expectTable(from, ['group']) ?? {})) {
    const table = expectTable(from, ['group', name, 'dependencies'])
    if (table !== undefined) groups.set(`poetry-${normalizeName(name)}`, tableRequirements(table))
  }
  const main = expectTable(from, ['dependencies']) ?? {}
  const python = main['python'] === undefined ? undefined : expectString(from, ['dependencies', 'python'])
  return { normal: tableRequirements(main), groups, python }
}

function tableRequirements(table: TomlTable): Requirement[] {
  return Object.entries(table).flatMap(([name, value]) => {
    if (normalizeName(name) === 'python') return []
    const forms: readonly TomlValue[] = Array.isArray(value) ? (value as readonly TomlValue[]) : [value]
    return forms.map((form) => ({ name: normalizeName(name), extras: extrasOf(form), path: pathOf(form) }))
  })
}

function pathOf(form: TomlValue): string | undefined {
  const path = isTable(form) ? form['path'] : undefined
  return typeof path === 'string' ? path : undefined
}

function extrasOf(form: TomlValue): string[] {
  const extras = isTable(form) ? form['extras'] : undefined
  if (!Array.isArray(extras)) return []
  return (extras as readonly TomlValue[]).filter((extra) => typeof extra === 'string').map((extra) => normalizeName(extra))
}
