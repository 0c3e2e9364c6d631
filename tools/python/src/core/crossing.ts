import { posix } from 'node:path'
import { InterlockError, type ProjectEdge, stringAt, tableAt, tablesAt } from '@interlock/kit'
import type { Manifest } from './manifest.ts'
import { resolveInside } from './names.ts'

/** Where maturin looks when no `manifest-path` is given. */
const MATURIN_DEFAULTS = ['Cargo.toml', 'rust/Cargo.toml', 'native/Cargo.toml']

export function isMaturin(manifest: Manifest): boolean {
  return manifest.backend === 'maturin'
}

/** The crates that a package compiles. What only a setup.py says cannot be seen. */
export function crossingsOf(manifest: Manifest, paths: ReadonlySet<string>): { edges: ProjectEdge[]; outside: string[] } {
  const files = [...maturinManifest(manifest, paths), ...setuptoolsRust(manifest)]
  const resolved = files.map((file) => expectListed(file, manifest, paths))
  return {
    edges: resolved.map((file) => ({ root: posix.dirname(file), ecosystem: 'cargo', kind: 'build' })),
    outside: resolved.filter((file) => manifest.root !== '.' && !file.startsWith(`${manifest.root}/`)),
  }
}

function maturinManifest(manifest: Manifest, paths: ReadonlySet<string>): string[] {
  if (!isMaturin(manifest)) return []
  const named = stringAt(manifest.table, ['tool', 'maturin', 'manifest-path'])
  return [named ?? MATURIN_DEFAULTS.find((file) => paths.has(posix.join(manifest.root, file))) ?? 'Cargo.toml']
}

function setuptoolsRust(manifest: Manifest): string[] {
  const table = tableAt(manifest.table, ['tool', 'setuptools-rust']) ?? {}
  const modules = [...(tablesAt(table, ['ext-modules']) ?? []), ...(tablesAt(table, ['bins']) ?? [])]
  return modules.map((module) => stringAt(module, ['path']) ?? 'Cargo.toml')
}

function expectListed(path: string, manifest: Manifest, paths: ReadonlySet<string>): string {
  const file = resolveInside(manifest.root, path)
  if (file === undefined) {
    throw new InterlockError('PYTHON_PATH_OUTSIDE', `crate ${JSON.stringify(path)} leads out of the workspace`, {
      file: manifest.path,
      hint: 'move the crate into the repository: what lies outside cannot be watched',
    })
  }
  if (paths.has(file)) return file
  throw new InterlockError('PYTHON_MANIFEST_UNREADABLE', `the package is built from a crate, but ${file} does not exist`, {
    file: manifest.path,
    hint: 'name the crate in tool.maturin.manifest-path (or the path of tool.setuptools-rust); an ignored file counts as absent',
  })
}
