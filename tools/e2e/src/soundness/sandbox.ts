import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const REPOSITORY = fileURLToPath(new URL('../../../../', import.meta.url))

/** A git repository in a temporary folder that runs this repository's nx and plugins from source. */
export interface Sandbox {
  readonly root: string
  readonly write: (path: string, text: string) => void
  readonly read: (path: string) => string
  readonly remove: (path: string) => void
  readonly move: (from: string, to: string) => void
  /** Runs a program to its end and returns its stdout; throws with stdout and stderr when it fails. */
  readonly run: (program: string, args: readonly string[]) => string
  /** Commits everything and returns the commit id. */
  readonly commit: (message: string) => string
  readonly dispose: () => void
}

const ENVIRONMENT = {
  // Packages of this repository answer with their TypeScript source.
  NODE_OPTIONS: '--conditions=@interlock/source',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'soundness',
  GIT_AUTHOR_EMAIL: 'soundness@example.invalid',
  GIT_COMMITTER_NAME: 'soundness',
  GIT_COMMITTER_EMAIL: 'soundness@example.invalid',
  NX_DAEMON: 'false',
  NX_ISOLATE_PLUGINS: 'false',
  NX_NO_CLOUD: 'true',
  NX_TUI: 'false',
  UV_PYTHON_DOWNLOADS: 'never',
}

const NX_JSON = {
  analytics: false,
  cacheDirectory: '.nx/cache',
  plugins: ['@interlock/nx/plugin'],
  sync: { globalGenerators: ['@interlock/nx:closures'] },
}

export function createSandbox(): Sandbox {
  const root = mkdtempSync(join(tmpdir(), 'soundness-'))
  const at = (path: string): string => join(root, path)
  const run = (program: string, args: readonly string[]): string => {
    const result = spawnSync(program, [...args], {
      cwd: root,
      encoding: 'utf8',
      env: { ...process.env, ...ENVIRONMENT },
      maxBuffer: 1 << 28,
    })
    if (result.error) throw result.error
    if (result.status !== 0)
      throw new Error(`${program} ${args.join(' ')}: exit ${result.status}\n${result.stdout}\n${result.stderr}`)
    return result.stdout
  }
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(at(path)), { recursive: true })
    writeFileSync(at(path), text)
  }
  symlinkSync(join(REPOSITORY, 'node_modules'), at('node_modules'), 'junction')
  write('package.json', `${JSON.stringify({ name: 'soundness', version: '0.0.0', private: true, type: 'module' }, null, 2)}\n`)
  write('nx.json', `${JSON.stringify(NX_JSON, null, 2)}\n`)
  write(
    'tsconfig.base.json',
    `${JSON.stringify({ compilerOptions: { customConditions: ['@interlock/source'], module: 'nodenext' } }, null, 2)}\n`,
  )
  write('.gitignore', 'node_modules\n.nx\ntarget\ndist\n.venv*\n')
  run('git', ['init', '--quiet', '--initial-branch=main'])
  return {
    root,
    write,
    read: (path) => readFileSync(at(path), 'utf8'),
    remove: (path) => rmSync(at(path), { recursive: true, force: true }),
    move: (from, to) => {
      mkdirSync(dirname(at(to)), { recursive: true })
      renameSync(at(from), at(to))
    },
    run,
    commit: (message) => {
      run('git', ['add', '--all'])
      run('git', ['commit', '--quiet', '--allow-empty', '--message', message])
      return run('git', ['rev-parse', 'HEAD']).trim()
    },
    dispose: () => rmSync(root, { recursive: true, force: true }),
  }
}
