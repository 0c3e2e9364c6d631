import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type ProcessResult, runOk, runProcess } from '@interlock/kit'
import { type Installed, linkPackages } from './packages.ts'

const FIXTURES = fileURLToPath(new URL('../../fixtures', import.meta.url))

/** A caller's settings that would change what Nx does; the tests want what a newcomer has. */
const ENVIRONMENT: Readonly<Record<string, string | undefined>> = {
  CI: undefined,
  GIT_AUTHOR_EMAIL: 'e2e@example.invalid',
  GIT_AUTHOR_NAME: 'e2e',
  GIT_COMMITTER_EMAIL: 'e2e@example.invalid',
  GIT_COMMITTER_NAME: 'e2e',
  GIT_CONFIG_NOSYSTEM: '1',
  NX_BASE: undefined,
  NX_DAEMON: 'false',
  NX_HEAD: undefined,
  NX_ISOLATE_PLUGINS: 'false',
  NX_NO_CLOUD: 'true',
  NX_TUI: 'false',
  NX_WORKSPACE_ROOT_PATH: undefined,
  UV_PYTHON_DOWNLOADS: 'never',
  VIRTUAL_ENV: undefined,
}

/** How a command ended and all that it wrote. */
export interface Ended {
  readonly status: number
  readonly output: string
}

/** A fixture as a real git repository in a temporary folder. */
export interface Repository {
  readonly root: string
  readonly read: (path: string) => string
  readonly write: (path: string, text: string) => void
  readonly exists: (path: string) => boolean
  /** Runs a program that must succeed and returns its standard output. */
  readonly run: (...command: string[]) => Promise<string>
  /** Runs the installed `nx`. */
  readonly nx: (...args: string[]) => Promise<Ended>
  /** Runs the installed `interlock`. */
  readonly interlock: (...args: string[]) => Promise<Ended>
  readonly commit: (message: string) => Promise<void>
  /** `git status --porcelain`, untracked files too. */
  readonly status: () => Promise<string>
  readonly dispose: () => void
}

/** Copies a fixture, has its lock files written by cargo and uv at the given versions, and commits. */
export async function createRepository(fixture: string, locks: readonly (readonly string[])[]): Promise<Repository> {
  const root = mkdtempSync(join(tmpdir(), `interlock-${fixture}-`))
  cpSync(join(FIXTURES, fixture), root, { recursive: true })
  realNames(root)
  const run = async (...command: string[]): Promise<string> => (await runOk(command, { cwd: root, env: ENVIRONMENT })).stdout
  const script = async (program: string, args: readonly string[]): Promise<Ended> =>
    ended(await runProcess([process.execPath, join(root, 'node_modules', program), ...args], { cwd: root, env: ENVIRONMENT }))
  const repository: Repository = {
    root,
    run,
    read: (path) => readFileSync(join(root, path), 'utf8'),
    write: (path, text) => writeFileSync(join(root, path), text),
    exists: (path) => existsSync(join(root, path)),
    nx: (...args) => script('nx/dist/bin/nx.js', args),
    interlock: (...args) => script('@interlock/cli/bin/interlock.js', args),
    commit: async (message) => {
      await run('git', 'add', '--all')
      await run('git', 'commit', '--quiet', '--message', message)
    },
    status: () => run('git', 'status', '--porcelain', '--untracked-files=all'),
    dispose: () => rmSync(root, { recursive: true, force: true }),
  }
  await run('git', 'init', '--quiet', '--initial-branch=main')
  for (const command of locks) await run(...command)
  await repository.commit('feat: everything that the team has')
  return repository
}

/**
 * Leaves the repository as `npm install --save-dev nx @nx/devkit @interlock/nx` does. A package.json of its own keeps its
 * text but for the new packages.
 */
export function adoptPackages(repository: Repository, installed: Installed): void {
  linkPackages(join(installed.folder, 'node_modules'), join(repository.root, 'node_modules'))
  const theirs = readFileSync(join(installed.folder, 'package.json'), 'utf8')
  if (!repository.exists('package.json')) {
    repository.write('package.json', theirs)
    repository.write('package-lock.json', readFileSync(join(installed.folder, 'package-lock.json'), 'utf8'))
    return
  }
  const { devDependencies } = JSON.parse(theirs) as { readonly devDependencies: object }
  const own = JSON.parse(repository.read('package.json')) as object
  repository.write('package.json', `${JSON.stringify({ ...own, devDependencies }, null, 2)}\n`)
}

function realNames(folder: string): void {
  for (const entry of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (entry.endsWith('.fixture')) renameSync(join(folder, entry), join(folder, entry.slice(0, -'.fixture'.length)))
  }
}

function ended(result: ProcessResult): Ended {
  if (result.kind === 'exited') return { status: result.status, output: `${result.stdout}${result.stderr}` }
  throw new Error(`a command did not run to its end: ${JSON.stringify(result)}`)
}
