import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Files } from './files.ts'
import type { Start } from './generate.ts'

const FIXTURES = fileURLToPath(new URL('../../../fixtures/', import.meta.url))
const REPOSITORY = fileURLToPath(new URL('../../../../../', import.meta.url))

/** A fixture of the adoption tests. */
export function fixture(name: string): Start {
  const files = textsOf(join(FIXTURES, name), '')
  const cargo = 'Cargo.toml' in files ? [['cargo', 'generate-lockfile', '--quiet']] : []
  const python = 'pyproject.toml' in files ? [['uv', 'lock', '--quiet']] : []
  return { name: `fixture ${name}`, files, locks: [...cargo, ...python] }
}

/** The crates and Python packages of this repository itself, with the lock of uv in place of its export. */
export function subject(): Start {
  const roots = ['Cargo.toml', 'Cargo.lock', 'pyproject.toml', 'rust-toolchain.toml', 'clippy.toml', '.python-version']
  const texts = roots.map((file) => [file, readFileSync(join(REPOSITORY, file), 'utf8')] as const)
  const crates = ['apps/proxy', 'libs/he', 'libs/he-bench', 'libs/he-client', 'libs/he-python', 'libs/tfhe-ntt-absent']
  const folders = [...crates, 'libs/client-python']
  const files: Files = Object.assign(
    Object.fromEntries(texts),
    ...folders.map((folder) => textsOf(join(REPOSITORY, folder), `${folder}/`)),
  ) as Files
  return { name: 'the subject of this repository', files, locks: [['uv', 'lock', '--quiet']] }
}

/** Folders that tools leave in a working tree. */
const LEFT_BEHIND =
  /(^|\/)(target|dist|__pycache__|\.pytest_cache|\.mypy_cache|\.ruff_cache|\.venv|node_modules|\.hypothesis)(\/|$)/
/** What only the original repository can mean. */
const ONLY_THERE = /(^|\/)(project\.json|.*\.so)$/

function textsOf(folder: string, prefix: string): Files {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length).replace(/^\//, ''))
    .filter((path) => !LEFT_BEHIND.test(path) && !ONLY_THERE.test(path))
    .sort()
  return Object.fromEntries(
    names.map((path) => [prefix + path.replace(/\.fixture$/, ''), readFileSync(join(folder, path), 'utf8')]),
  )
}
