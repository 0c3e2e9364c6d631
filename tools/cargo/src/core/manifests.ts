import { parseToml, tableAt, isTable, stringAt, stringsAt, type WorkspaceFiles } from '@interlock/kit'
import { posix } from 'node:path'
import { readManifest } from './manifest.ts'
import type { Manifest } from './model.ts'
import { fileIn, isInside, resolvePath } from './paths.ts'

/** The Cargo manifests of the repository, read when they are asked for. */
export interface Manifests {
  readonly files: WorkspaceFiles
  /** Directories with a Cargo.toml, sorted. */
  readonly directories: readonly string[]
  readonly has: (directory: string) => boolean
  readonly get: (directory: string) => Manifest | undefined
  /** Whether the directory holds third-party source that `[source]` replacement reads: never a project by itself. */
  readonly isVendored: (directory: string) => boolean
  /** Directories of `paths` overrides in `.cargo/config.toml`, with the directory in which each holds. */
  readonly overrides: readonly { readonly scope: string; readonly directory: string }[]
}

const CONFIG = /(?:^|\/)\.cargo\/config(?:\.toml)?$/

/** The manifests among the files, and what `.cargo/config.toml` says about where source comes from. */
export function listManifests(files: WorkspaceFiles): Manifests {
  const directories = files.paths.filter((path) => /(?:^|\/)Cargo\.toml$/.test(path)).map((path) => posix.dirname(path))
  const known = new Set(directories)
  const checksums = new Set(
    files.paths.filter((path) => path.endsWith('/.cargo-checksum.json')).map((path) => posix.dirname(path)),
  )
  const configs = files.paths.filter((path) => CONFIG.test(path)).map((path) => readConfig(files, path))
  const vendored = configs.flatMap((config) => config.vendored)
  const cache = new Map<string, Manifest>()
  return {
    files,
    directories,
    has: (directory) => known.has(directory),
    get: (directory) => cache.get(directory) ?? load(directory),
    isVendored: (directory) =>
      checksums.has(directory) || vendored.some((parent) => directory !== parent && isInside(directory, parent)),
    overrides: configs.flatMap((config) => config.overrides),
  }

  function load(directory: string): Manifest | undefined {
    if (!known.has(directory)) return undefined
    const path = fileIn(directory, 'Cargo.toml')
    const found = readManifest(path, files.digest(path), () => files.read(path))
    cache.set(directory, found)
    return found
  }
}

function readConfig(
  files: WorkspaceFiles,
  path: string,
): Pick<Manifests, 'overrides'> & { readonly vendored: readonly string[] } {
  const scope = posix.dirname(posix.dirname(path))
  const table = parseToml(files.read(path), {
    file: path,
    code: 'CARGO_MANIFEST_UNREADABLE',
    hint: 'correct the Cargo configuration',
  })
  const sources = Object.values(tableAt(table, ['source']) ?? {}).filter((value) => isTable(value))
  const inRepository = (value: string | undefined): string[] =>
    [value === undefined ? [] : (resolvePath(scope, value) ?? [])].flat()
  return {
    vendored: sources.flatMap((source) => inRepository(stringAt(source, ['directory']))),
    overrides: (stringsAt(table, ['paths']) ?? []).flatMap((value) =>
      inRepository(value).map((directory) => ({ scope, directory })),
    ),
  }
}
