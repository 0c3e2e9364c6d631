import { canonical, isTable, stringAt, tableAt, type TomlTable, type TomlValue } from '@interlock/kit'
import { shortDigest } from './lock.ts'
import { normalizeName } from './names.ts'
import { parseRequirement } from './requirement.ts'

/** One entry of a list that limits versions: it concerns whoever holds the package. */
export interface Limit {
  /** Normalised name of the package. */
  readonly name: string
  /** What a slice says of it. */
  readonly line: string
}

/** Lists in `[manifest]` of uv.lock whose effect shows in what is locked, package by package. */
const LOCK_LISTS = ['constraints', 'overrides', 'excludes']

/** The same lists in `[tool.uv]` of the workspace's root manifest. */
export const MANIFEST_LISTS: ReadonlySet<string> = new Set([
  'constraint-dependencies',
  'override-dependencies',
  'exclude-dependencies',
])

/** What `[manifest]` of uv.lock says of versions; `shared` is what nobody can be told apart by. */
export function lockLimits(lock: TomlTable): { readonly limits: Limit[]; readonly shared: string[] } {
  const manifest = tableAt(lock, ['manifest']) ?? {}
  const limits: Limit[] = []
  const shared: string[] = []
  for (const key of [...LOCK_LISTS, 'build-constraints']) {
    const value = manifest[key]
    if (value === undefined) continue
    const entries = LOCK_LISTS.includes(key) ? limitsIn(`manifest ${key}`, value) : undefined
    if (entries === undefined) shared.push(`manifest ${key} ${digestOf(value)}`)
    else limits.push(...entries)
  }
  return { limits, shared }
}

/** Every member asks for the same lists. */
const known = new WeakMap<object, { readonly limits: readonly Limit[] | undefined }>()

/** The entries of one list by package; `undefined` when one of them names none. */
export function limitsIn(key: string, list: TomlValue): readonly Limit[] | undefined {
  if (!Array.isArray(list)) return undefined
  const found = known.get(list) ?? { limits: entriesOf(key, list as readonly TomlValue[]) }
  known.set(list, found)
  return found.limits
}

function entriesOf(key: string, list: readonly TomlValue[]): Limit[] | undefined {
  const limits = list.map((entry): Limit | undefined => {
    const name = nameOf(entry)
    return name === undefined ? undefined : { name, line: `${key} ${name} ${digestOf(entry)}` }
  })
  return limits.every((limit) => limit !== undefined) ? limits : undefined
}

function nameOf(entry: TomlValue): string | undefined {
  if (typeof entry === 'string') return parseRequirement(entry)?.name
  const name = isTable(entry) ? stringAt(entry, ['name']) : undefined
  return name === undefined ? undefined : normalizeName(name)
}

/** No address counts, so that a mirror moves no slice. */
function digestOf(value: TomlValue): string {
  return shortDigest([canonical(value).replaceAll(/https?:[^"]*/g, '')])
}
