import { byText, isTable, stringAt, type TomlTable, type TomlValue } from '@interlock/kit'
import { canonical } from './canonical.ts'
import type { CrateGraph } from './edges.ts'
import type { Crate, Manifest, Workspace } from './model.ts'
import { addBit, membersOf, type Bits } from './reach.ts'

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

/**
 * Tells each crate's share of its workspace's root manifest: what it and the members it reaches inherit, the root
 * package's own tables when it reaches that, and for everyone patches, profiles, the resolver and every table that is not
 * known. Sorted; crates with the same share get the same array.
 */
export function sharer(crates: readonly Crate[], { reachOf }: CrateGraph): (crate: Crate) => readonly string[] {
  const table = lineTable()
  const everyone = new Map(
    [...new Set(crates.map(({ workspace }) => workspace))].map((one) => [one, table.add(one, linesForEveryone(one))]),
  )
  const own = new Map(crates.map((crate) => [crate, table.add(crate.workspace, inheritedLines(crate, true))]))
  const passed = new Map(
    crates.map((crate) => {
      const rooted = crate.root === crate.workspace.root ? rootPackageLines(crate.workspace.manifest) : []
      return [crate, table.add(crate.workspace, [...inheritedLines(crate, false), ...rooted])]
    }),
  )
  const { width, linesOf } = table.close()
  const reached = reachOf(width, (crate) => table.ranks(passed.get(crate) ?? []))
  return (crate) => {
    const bits = reached(crate)
    for (const rank of table.ranks([...(everyone.get(crate.workspace) ?? []), ...(own.get(crate) ?? [])])) addBit(bits, rank)
    return linesOf(crate.workspace, bits)
  }
}

interface LineTable {
  readonly add: (workspace: Workspace, lines: readonly string[]) => readonly number[]
  readonly ranks: (ids: readonly number[]) => readonly number[]
  /** Numbers the lines in their order; none is added afterwards. */
  readonly close: () => { readonly width: number; readonly linesOf: (workspace: Workspace, bits: Bits) => readonly string[] }
}

/** Lines are numbered per workspace: the same text in two root manifests is two lines. */
function lineTable(): LineTable {
  const ids = new Map<Workspace, Map<string, number>>()
  const lines: { readonly workspace: Workspace; readonly text: string }[] = []
  const rankOf: number[] = []
  return {
    add(workspace, texts) {
      const known = ids.get(workspace) ?? new Map<string, number>()
      ids.set(workspace, known)
      return texts.map((text) => {
        const id = known.get(text) ?? lines.push({ workspace, text }) - 1
        known.set(text, id)
        return id
      })
    },
    ranks: (some) => some.map((id) => rankOf[id] ?? 0),
    close() {
      const order = lines.map((_, id) => id).sort((left, right) => byText(lines[left]?.text ?? '', lines[right]?.text ?? ''))
      order.forEach((id, rank) => (rankOf[id] = rank))
      const shared = new Map<string, readonly string[]>()
      const linesOf = (workspace: Workspace, bits: Bits): readonly string[] => {
        const key = `${workspace.root} ${bits.join()}`
        const found =
          shared.get(key) ??
          membersOf(bits)
            .map((rank) => lines[order[rank] ?? -1])
            .filter((line) => line?.workspace === workspace)
            .map((line) => line?.text ?? '')
        shared.set(key, found)
        return found
      }
      return { width: lines.length, linesOf }
    },
  }
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
  const lines: string[] = []
  const texts = sharedTexts(crate.workspace)
  for (const { inherited, kind, key } of crate.dependencies)
    if (inherited && (own || kind !== 'dev')) lines.push(texts('dependencies', key))
  for (const key of crate.package.inherits) lines.push(texts('package', key))
  if (crate.package.inheritsLints) {
    const lints = ((crate.workspace.manifest.table['workspace'] ?? {}) as TomlTable)['lints'] ?? {}
    for (const key of Object.keys(lints)) lines.push(texts('lints', key))
  }
  return lines
}

const written: WeakMap<Workspace, Map<string, string>> = new WeakMap()

/** The lines of inherited entries, each written once. */
function sharedTexts(workspace: Workspace): (table: string, key: string) => string {
  const known = written.get(workspace) ?? new Map<string, string>()
  written.set(workspace, known)
  const shared = (workspace.manifest.table['workspace'] ?? {}) as TomlTable
  return (table, key) => {
    const id = `${table}\0${key}`
    const text =
      known.get(id) ?? `workspace.${table}.${name(key)} = ${canonical(((shared[table] ?? {}) as TomlTable)[key] ?? {})}`
    known.set(id, text)
    return text
  }
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
