import {
  addBit,
  byText,
  canonical,
  isTable,
  membersOf,
  stringAt,
  type Bits,
  type TomlTable,
  type TomlValue,
} from '@interlock/kit'
import type { CrateGraph } from './edges.ts'
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

/**
 * Tells each crate's share of its workspace's root manifest: what it and the members it reaches inherit, the root
 * package's own tables when it reaches that, and for everyone profiles, the resolver and every table that is not known.
 * Patches are not among them: `patchesOf`. Sorted; crates with the same share get the same array.
 */
export function sharer(crates: readonly Crate[], { reachOf }: CrateGraph): (crate: Crate) => readonly string[] {
  const table = lineTable()
  const everyone = new Map(
    [...new Set(crates.map(({ workspace }) => workspace))].map((one) => [one, table.add(one, linesForEveryone(one))]),
  )
  const passed = new Map<Crate, readonly number[]>()
  const own = new Map<Crate, readonly number[]>()
  for (const crate of crates) {
    const { forAll, forTests } = inheritedLines(crate)
    const rooted = crate.root === crate.workspace.root ? rootPackageLines(crate.workspace.manifest) : []
    const inherited = table.add(crate.workspace, forAll)
    passed.set(crate, rooted.length === 0 ? inherited : [...inherited, ...table.add(crate.workspace, rooted)])
    own.set(crate, forTests.length === 0 ? inherited : [...inherited, ...table.add(crate.workspace, forTests)])
  }
  const { width, rankOf, linesOf } = table.close()
  const reached = reachOf(width, (crate) => passed.get(crate)?.map(rankOf) ?? [])
  return (crate) => {
    const bits = reached(crate)
    for (const id of everyone.get(crate.workspace) ?? []) addBit(bits, rankOf(id))
    for (const id of own.get(crate) ?? []) addBit(bits, rankOf(id))
    return linesOf(crate.workspace, bits)
  }
}

interface LineTable {
  readonly add: (workspace: Workspace, lines: readonly string[]) => readonly number[]
  /** Puts the lines into their order; none is added afterwards. */
  readonly close: () => {
    readonly width: number
    readonly rankOf: (id: number) => number
    readonly linesOf: (workspace: Workspace, bits: Bits) => readonly string[]
  }
}

/** Lines are numbered per workspace: the same text in two root manifests is two lines. */
function lineTable(): LineTable {
  const ids = new Map<Workspace, Map<string, number>>()
  const lines: { readonly workspace: Workspace; readonly text: string }[] = []
  return {
    add(workspace, texts) {
      const known = ids.get(workspace) ?? new Map<string, number>()
      ids.set(workspace, known)
      return texts.map((text) => {
        let id = known.get(text)
        if (id === undefined) {
          id = lines.push({ workspace, text }) - 1
          known.set(text, id)
        }
        return id
      })
    },
    close() {
      const order = lines.map((_, id) => id).sort((left, right) => byText(lines[left]?.text ?? '', lines[right]?.text ?? ''))
      const ranks = new Int32Array(order.length)
      order.forEach((id, rank) => (ranks[id] = rank))
      const shared = new Map<string, readonly string[]>()
      const linesOf = (workspace: Workspace, bits: Bits): readonly string[] => {
        const key = `${workspace.root} ${bits.join()}`
        const known = shared.get(key)
        if (known !== undefined) return known
        const found: string[] = []
        for (const rank of membersOf(bits)) {
          const line = lines[order[rank] ?? -1]
          if (line?.workspace === workspace) found.push(line.text)
        }
        shared.set(key, found)
        return found
      }
      return { width: lines.length, rankOf: (id) => ranks[id] ?? 0, linesOf }
    },
  }
}

function linesForEveryone({ manifest }: Workspace): string[] {
  const { table } = manifest
  const lines = Object.entries(table).flatMap(([key, value]) => {
    if (key === 'workspace' || key === 'patch') return []
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

/** What a crate inherits, and what only its own tests do: dev-dependencies reach nobody else. */
function inheritedLines(crate: Crate): { readonly forAll: readonly string[]; readonly forTests: readonly string[] } {
  const forAll: string[] = []
  const forTests: string[] = []
  const shared = sharedTables(crate.workspace)
  for (const { inherited, kind, key } of crate.dependencies)
    if (inherited) (kind === 'dev' ? forTests : forAll).push(shared.dependencies(key))
  for (const key of crate.package.inherits) forAll.push(shared.package(key))
  if (crate.package.inheritsLints) {
    const lints = ((crate.workspace.manifest.table['workspace'] ?? {}) as TomlTable)['lints'] ?? {}
    for (const key of Object.keys(lints)) forAll.push(shared.lints(key))
  }
  return { forAll, forTests }
}

type LineOf = (key: string) => string

const written: WeakMap<Workspace, Readonly<Record<'dependencies' | 'package' | 'lints', LineOf>>> = new WeakMap()

/** The lines of inherited entries, each written once. */
function sharedTables(workspace: Workspace): Readonly<Record<'dependencies' | 'package' | 'lints', LineOf>> {
  const known = written.get(workspace)
  if (known !== undefined) return known
  const shared = (workspace.manifest.table['workspace'] ?? {}) as TomlTable
  const tables = {
    dependencies: linesIn(shared, 'dependencies'),
    package: linesIn(shared, 'package'),
    lints: linesIn(shared, 'lints'),
  }
  written.set(workspace, tables)
  return tables
}

function linesIn(shared: TomlTable, table: string): LineOf {
  const lines = new Map<string, string>()
  const entries = (shared[table] ?? {}) as TomlTable
  return (key) => {
    const known = lines.get(key)
    if (known !== undefined) return known
    const line = `workspace.${table}.${keyText(key)} = ${canonical(entries[key] ?? {})}`
    lines.set(key, line)
    return line
  }
}

function rootPackageLines({ table }: Manifest): string[] {
  return Object.entries(table).flatMap(([key, value]) =>
    PACKAGE_KEYS.has(key) && !DEV_KEYS.has(key) ? expanded(key, value) : [],
  )
}

/** One line per entry of a table, so that a reviewer sees which one moved. */
function expanded(key: string, value: TomlValue): string[] {
  if (!isTable(value) || Object.keys(value).length === 0) return [`${keyText(key)} = ${canonical(value)}`]
  return Object.entries(value).map(([entry, item]) => `${keyText(key)}.${keyText(entry)} = ${canonical(item)}`)
}

/** A key as TOML writes it. */
export function keyText(key: string): string {
  return /^[\w.-]+$/.test(key) ? key : JSON.stringify(key)
}
