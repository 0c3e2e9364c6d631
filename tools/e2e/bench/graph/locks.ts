import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runOk } from '@interlock/kit'
import { type Files, packageJsonFiles, polyglotFiles } from './files.ts'
import { EXTERNALS, type BenchProject } from './projects.ts'
import { writeFiles } from './write-files.ts'

/** A workspace with lock files of the real tools. */
export interface Locked {
  /** All files, locks included. */
  readonly files: Files
  /** Lock file → its text after one package has moved. */
  readonly bumped: Files
  /** Lock file → names of the projects that reach the moved package. */
  readonly reached: Readonly<Record<string, readonly string[]>>
}

type Environment = Readonly<Record<string, string | undefined>>

/** Lets cargo, uv and npm lock the workspace, move one package in each lock, and say who reaches it. */
export async function lockPolyglot(projects: readonly BenchProject[], env: Environment): Promise<Locked> {
  const files = polyglotFiles(projects)
  return inFolder(files, async (cwd) => {
    const run = async (...command: string[]): Promise<string> => (await runOk(command, { cwd, env })).stdout
    const { rust, python } = EXTERNALS
    await run('cargo', 'generate-lockfile', '--quiet')
    await run('cargo', 'update', '--quiet', '--package', rust.bumped, '--precise', rust.from)
    await run('uv', 'lock', '--quiet', '--upgrade-package', `${python.bumped}==${python.from}`)
    await run('npm', 'install', ...NPM_LOCK)
    const locks = textsOf(cwd, ['Cargo.lock', 'uv.lock', 'package-lock.json'])
    await run('cargo', 'metadata', '--locked', '--format-version=1')
    await run('uv', 'lock', '--quiet', '--check')
    const cargoTree = await run('cargo', 'tree', '--workspace', '--locked', '--prefix=none', `--invert=${rust.bumped}`)
    const uvTree = await run('uv', 'tree', '--quiet', '--frozen', '--invert', `--package=${python.bumped}`)
    await run('cargo', 'update', '--quiet', '--package', rust.bumped, '--precise', rust.to)
    await run('uv', 'lock', '--quiet', '--upgrade-package', `${python.bumped}==${python.to}`)
    return {
      files: { ...files, ...locks },
      bumped: textsOf(cwd, ['Cargo.lock', 'uv.lock']),
      reached: { 'Cargo.lock': membersIn(cargoTree, 'r'), 'uv.lock': membersIn(uvTree, 'p') },
    }
  })
}

/** The same for the workspace of package.json projects: npm alone. */
export async function lockPackageJson(projects: readonly BenchProject[], env: Environment): Promise<Locked> {
  const files = packageJsonFiles(projects)
  return inFolder(files, async (cwd) => {
    const { bumped, from, to } = EXTERNALS.typescript
    const lockAt = async (version: string): Promise<Files> => {
      const root = JSON.parse(files['package.json'] ?? '') as object
      writeFiles(cwd, { 'package.json': JSON.stringify({ ...root, overrides: { [bumped]: version } }) })
      await runOk(['npm', 'install', ...NPM_LOCK], { cwd, env })
      return textsOf(cwd, ['package-lock.json'])
    }
    const locks = await lockAt(from)
    rmSync(join(cwd, 'package-lock.json'))
    return { files: { ...files, ...locks }, bumped: await lockAt(to), reached: {} }
  })
}

const NPM_LOCK = ['--package-lock-only', '--ignore-scripts', '--no-audit', '--no-fund']

/** Names of projects in what `cargo tree` and `uv tree` print; a package is named in full once. */
export function membersIn(tree: string, prefix: string): readonly string[] {
  const names = [...tree.matchAll(new RegExp(`(?:^|[ ])(${prefix}\\d+) v0\\.1\\.0`, 'gm'))].map(([, name = '']) => name)
  return [...new Set(names)].sort()
}

async function inFolder(files: Files, use: (folder: string) => Promise<Locked>): Promise<Locked> {
  const folder = mkdtempSync(join(tmpdir(), 'interlock-bench-lock-'))
  try {
    writeFiles(folder, files)
    return await use(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function textsOf(folder: string, names: readonly string[]): Files {
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]))
}
