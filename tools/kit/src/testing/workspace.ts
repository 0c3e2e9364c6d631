import { access, mkdir, mkdtemp, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { runProcess, type ProcessOptions, type ProcessResult } from '../io/process.ts'
import { runOk } from '../io/run-ok.ts'

export interface TestWorkspaceOptions {
  /** Path → text of the files to start with. */
  readonly files?: Readonly<Record<string, string>>
  /** Whether the directory is a git repository, with `main` checked out and nothing committed. `true` when absent. */
  readonly git?: boolean
}

/** A real directory for one test. All paths are relative to `root`, with forward slashes. */
export interface TestWorkspace {
  /** Absolute, without symbolic links. */
  readonly root: string
  readonly write: (path: string, text: string) => Promise<void>
  readonly writeBytes: (path: string, bytes: Uint8Array) => Promise<void>
  /** Removes a file or a directory; fails when it is not there. */
  readonly remove: (path: string) => Promise<void>
  readonly move: (from: string, to: string) => Promise<void>
  readonly read: (path: string) => Promise<string>
  readonly exists: (path: string) => Promise<boolean>
  /** Commits everything, also when nothing changed, and returns the commit's id. */
  readonly commit: (message: string) => Promise<string>
  /** Runs git and returns what it wrote, trimmed; throws `InterlockError` when it fails. */
  readonly git: (...args: readonly string[]) => Promise<string>
  /** Runs a program in the workspace with an isolated git and Nx environment. */
  readonly run: (command: readonly string[], options?: ProcessOptions) => Promise<ProcessResult>
  /** Registers work to do before the directory is removed, e.g. stopping a daemon. */
  readonly onDispose: (cleanup: () => Promise<unknown>) => void
  readonly dispose: () => Promise<void>
  readonly [Symbol.asyncDispose]: () => Promise<void>
}

/** Makes a workspace in a fresh temporary directory. Dispose of it at the end: `await using workspace = …`. */
export async function createTestWorkspace(options: TestWorkspaceOptions = {}): Promise<TestWorkspace> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'interlock-')))
  const at = (path: string): string => join(root, path)
  const cleanups: (() => Promise<unknown>)[] = []

  const writeBytes = async (path: string, bytes: Uint8Array | string): Promise<void> => {
    await mkdir(dirname(at(path)), { recursive: true })
    await writeFile(at(path), bytes)
  }
  const isolated = (more: ProcessOptions): ProcessOptions => ({ cwd: root, ...more, env: { ...isolation(), ...more.env } })
  const git = async (...args: readonly string[]): Promise<string> => {
    const { stdout } = await runOk(['git', ...args], isolated({}))
    return stdout.trim()
  }
  const dispose = async (): Promise<void> => {
    for (const cleanup of cleanups.splice(0)) await cleanup()
    await rm(root, { recursive: true, force: true, maxRetries: 3 })
  }

  for (const [path, text] of Object.entries(options.files ?? {})) await writeBytes(path, text)
  if (options.git !== false) await git('init', '--quiet', '--initial-branch=main')
  return {
    root,
    write: writeBytes,
    writeBytes,
    git,
    dispose,
    remove: async (path) => rm(at(path), { recursive: true }),
    move: async (from, to) => {
      await mkdir(dirname(at(to)), { recursive: true })
      await rename(at(from), at(to))
    },
    read: async (path) => readFile(at(path), 'utf8'),
    exists: async (path) =>
      access(at(path)).then(
        () => true,
        () => false,
      ),
    commit: async (message) => {
      await git('add', '--all')
      await git('commit', '--quiet', '--allow-empty', '--message', message)
      return git('rev-parse', 'HEAD')
    },
    run: async (command, more = {}) => runProcess(command, isolated(more)),
    onDispose: (cleanup) => void cleanups.push(cleanup),
    [Symbol.asyncDispose]: dispose,
  }
}

/** Takes out of the environment what would change git, Nx or a test runner, and gives git a person of its own. */
function isolation(): Record<string, string | undefined> {
  const foreign = Object.keys(process.env).filter((name) => /^(NX_|GIT_|VITEST|CI$|NODE_OPTIONS$|NODE_V8_COVERAGE$)/.test(name))
  return {
    ...Object.fromEntries(foreign.map((name) => [name, undefined])),
    GIT_CONFIG_GLOBAL: process.platform === 'win32' ? 'NUL' : '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_AUTHOR_NAME: 'Test',
    GIT_AUTHOR_EMAIL: 'test@example.invalid',
    GIT_COMMITTER_NAME: 'Test',
    GIT_COMMITTER_EMAIL: 'test@example.invalid',
    GIT_TERMINAL_PROMPT: '0',
  }
}
