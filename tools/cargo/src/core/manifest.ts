import {
  InterlockError,
  createMemo,
  expectBoolean,
  expectPercent,
  expectString,
  expectStrings,
  expectTable,
  expectTables,
  isTable,
  parseToml,
  valueAt,
  type Memo,
  type PlacedTable,
  type TomlPlace,
  type TomlTable,
  type TomlValue,
} from '@interlock/kit'
import { dependenciesOf, dependencyTable } from './dependencies.ts'
import { imageSection } from './image/section.ts'
import type { DeclaredBinary, Dependency, Manifest, PackageSection, WorkspaceSection } from './model.ts'

const HINT = 'correct the manifest; `cargo metadata --no-deps` shows what Cargo says about it'
const parsed: Memo<Manifest> = createMemo(4096)

/** What a Cargo.toml says. Kept by `digest`. Throws `CARGO_MANIFEST_UNREADABLE`. */
export function readManifest(file: string, digest: string, read: () => string): Manifest {
  return parsed(digest, () => parseManifest(read(), file))
}

function parseManifest(text: string, file: string): Manifest {
  const place: TomlPlace = { file, code: 'CARGO_MANIFEST_UNREADABLE', hint: HINT }
  const from: PlacedTable = { table: parseToml(text, place), place }
  const key = valueAt(from.table, ['package']) === undefined ? 'project' : 'package'
  const section = expectTable(from, [key])
  const workspace = expectTable(from, ['workspace'])
  if (section === undefined && workspace === undefined) {
    throw new InterlockError(place.code, 'has neither a `[package]` nor a `[workspace]` table', { file, hint: HINT })
  }
  return {
    package: section === undefined ? undefined : packageSection(from, key),
    workspace: workspace === undefined ? undefined : workspaceSection(from, workspace),
    dependencies: dependenciesOf(from),
    patchPaths: patchPaths(from),
    table: from.table,
  }
}

function packageSection(from: PlacedTable, key: string): PackageSection {
  const name = expectString(from, [key, 'name'])
  if (name === undefined) {
    throw new InterlockError('CARGO_MANIFEST_UNREADABLE', `\`${key}.name\` is missing`, { file: from.place.file, hint: HINT })
  }
  const section = expectTable(from, [key]) ?? {}
  const interlock = [key, 'metadata', 'interlock']
  return {
    name,
    version: inheritable(from, [key, 'version']),
    edition: inheritable(from, [key, 'edition']),
    resolver: expectString(from, [key, 'resolver']),
    pointer: expectString(from, [key, 'workspace']),
    inherits: Object.keys(section).filter((item) => inherits(section[item])),
    inheritsLints: valueAt(from.table, ['lints', 'workspace']) === true,
    binaries: binaries(from),
    autobins: expectBoolean(from, [key, 'autobins']) ?? true,
    hasBench: (expectTables(from, ['bench']) ?? []).length > 0,
    declaresLibrary: expectTable(from, ['lib']) !== undefined,
    procMacro: valueAt(from.table, ['lib', 'proc-macro']) === true || valueAt(from.table, ['lib', 'proc_macro']) === true,
    files: [...strings(section['readme']), ...strings(section['license-file']), ...strings(section['include'])],
    sources: [...strings(section['build']), ...targetPaths(from)],
    allowNoTests: expectBoolean(from, [...interlock, 'allow-no-tests']) ?? false,
    minimumCoverage: expectPercent(from, [...interlock, 'minimum-coverage']),
    tags: expectStrings(from, [...interlock, 'tags']) ?? [],
    features: expectStrings(from, [...interlock, 'features']),
    image: imageSection(from, [...interlock, 'image']),
  }
}

function workspaceSection(from: PlacedTable, workspace: TomlTable): WorkspaceSection {
  const entries = dependencyTable(from, ['workspace', 'dependencies'], 'normal')
  return {
    members: expectStrings(from, ['workspace', 'members']) ?? [],
    exclude: expectStrings(from, ['workspace', 'exclude']) ?? [],
    resolver: expectString(from, ['workspace', 'resolver']),
    dependencies: new Map(entries.map((entry): [string, Dependency] => [entry.key, entry])),
    package: expectTable({ table: workspace, place: from.place }, ['package']) ?? {},
  }
}

/** A string, or `undefined` when it is absent or inherited. */
function inheritable(from: PlacedTable, path: readonly string[]): string | undefined {
  return inherits(valueAt(from.table, path)) ? undefined : expectString(from, path)
}

function inherits(value: TomlValue | undefined): boolean {
  return value !== undefined && isTable(value) && value['workspace'] === true
}

function binaries(from: PlacedTable): DeclaredBinary[] {
  return (expectTables(from, ['bin']) ?? []).map((table) => ({
    name: expectString({ table, place: from.place }, ['name']),
    path: expectString({ table, place: from.place }, ['path']),
    gated: (expectStrings({ table, place: from.place }, ['required-features']) ?? []).length > 0,
  }))
}

function targetPaths(from: PlacedTable): string[] {
  const lists = ['bin', 'example', 'test', 'bench'].flatMap((key) => expectTables(from, [key]) ?? [])
  return [expectTable(from, ['lib']) ?? {}, ...lists].flatMap((table) => strings(table['path']))
}

function patchPaths(from: PlacedTable): string[] {
  const sources = Object.values(expectTable(from, ['patch']) ?? {}).filter((value) => isTable(value))
  return [...sources, expectTable(from, ['replace']) ?? {}].flatMap((entries) =>
    Object.values(entries).flatMap((entry) => (isTable(entry) ? strings(entry['path']) : [])),
  )
}

function strings(value: TomlValue | undefined): string[] {
  if (typeof value === 'string') return [value]
  return Array.isArray(value) ? value.filter((item: TomlValue) => typeof item === 'string') : []
}
