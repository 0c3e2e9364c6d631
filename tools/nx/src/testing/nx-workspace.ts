import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

const REPOSITORY = join(import.meta.dirname, '..', '..', '..', '..')

const INTERLOCK = join(REPOSITORY, 'tools', 'cli', 'bin', 'interlock.js')

export interface NxResult {
  readonly status: number | null
  readonly output: string
}

export interface NxProcess {
  readonly child: ChildProcess
  readonly ended: Promise<NxResult>
}

/** A git repository in which the real Nx of this repository runs with the plugin from its source. */
export interface NxWorkspace {
  readonly root: string
  readonly write: (path: string, text: string) => void
  readonly read: (path: string) => string
  readonly remove: (path: string) => void
  /** Commits everything and returns the commit id. */
  readonly commit: (message: string) => string
  readonly git: (...args: readonly string[]) => string
  readonly nx: (args: readonly string[], env?: Readonly<Record<string, string>>) => NxResult
  /** The command of `interlock`, as a person types it. */
  readonly interlock: (args: readonly string[], env?: Readonly<Record<string, string>>) => NxResult
  /** Any program in the workspace, with the isolated environment. */
  readonly run: (command: readonly string[], env?: Readonly<Record<string, string>>) => NxResult
  /** Starts the real Nx as the leader of a process group of its own, as a terminal does, and does not wait for it. */
  readonly start: (args: readonly string[], env?: Readonly<Record<string, string>>) => NxProcess
  /** The words that start the real Nx, for a program that starts another one. */
  readonly nxCommand: readonly [string, string]
  /** The words that start `interlock`. */
  readonly interlockCommand: readonly [string, string]
  /** Names of the projects whose `target` Nx selects for what changed since `base`. */
  readonly affected: (base: string, target?: string) => string[]
  readonly dispose: () => void
}

/** Makes the workspace. `files` come on top of what every workspace has. */
export function createNxWorkspace(files: Readonly<Record<string, string>>): NxWorkspace {
  const root = mkdtempSync(join(tmpdir(), 'interlock-nx-'))
  const env = isolatedEnvironment()
  const run = (program: string, args: readonly string[], more: Readonly<Record<string, string>> = {}): NxResult => {
    const result = spawnSync(program, args, { cwd: root, encoding: 'utf8', env: { ...env, ...more }, maxBuffer: 1 << 28 })
    return { status: result.status, output: `${result.stdout}${result.stderr}` }
  }
  const git = (...args: readonly string[]): string => {
    const result = run('git', args)
    if (result.status !== 0) throw new Error(`git ${args.join(' ')}: ${result.output}`)
    return result.output.trim()
  }
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  const start: NxWorkspace['start'] = (args, more = {}) => {
    const child = spawn(process.execPath, [nxProgram, ...args], {
      cwd: root,
      env: { ...env, ...more },
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (output += text))
    const ended = new Promise<NxResult>((resolve) => child.once('close', (status) => resolve({ status, output })))
    return { child, ended }
  }
  const nxProgram = join(REPOSITORY, 'node_modules', 'nx', 'dist', 'bin', 'nx.js')
  const nx: NxWorkspace['nx'] = (args, more) => run(process.execPath, [nxProgram, ...args], more)
  for (const [path, text] of Object.entries({ ...BASE, ...files })) write(path, text)
  symlinkSync(join(REPOSITORY, 'node_modules'), join(root, 'node_modules'))
  git('init', '-q', '-b', 'main')
  return {
    root,
    write,
    git,
    nx,
    start,
    nxCommand: [process.execPath, nxProgram],
    interlockCommand: [process.execPath, INTERLOCK],
    interlock: (args, more) => run(process.execPath, [INTERLOCK, ...args], more),
    run: ([program = '', ...args], more) => run(program, args, more),
    read: (path) => readFileSync(join(root, path), 'utf8'),
    remove: (path) => rmSync(join(root, path), { recursive: true }),
    commit: (message) => {
      git('add', '-A')
      git('commit', '-q', '--allow-empty', '-m', message)
      return git('rev-parse', 'HEAD')
    },
    affected: (base, target = 'test') => {
      const { status, output } = nx(['affected', '-t', target, `--base=${base}`, '--graph=stdout'])
      if (status !== 0) throw new Error(output)
      const tasks = JSON.parse(output.slice(output.indexOf('{'), output.lastIndexOf('}') + 1)) as {
        tasks: { tasks: Record<string, { target: { project: string; target: string } }> }
      }
      return Object.values(tasks.tasks.tasks)
        .filter((task) => task.target.target === target)
        .map((task) => task.target.project)
        .sort()
    },
    dispose: () => {
      if (existsSync(join(root, '.nx'))) nx(['daemon', '--stop'])
      rmSync(root, { recursive: true, force: true })
    },
  }
}

const BASE: Readonly<Record<string, string>> = {
  '.gitignore': 'node_modules\n.nx\ndist\ntarget\n',
  'nx.json': JSON.stringify({
    analytics: false,
    cacheDirectory: '.nx/cache',
    plugins: ['@interlock/nx/plugin'],
    sync: { globalGenerators: ['@interlock/nx:closures'] },
  }),
  'tsconfig.base.json': readFileSync(join(REPOSITORY, 'tsconfig.base.json'), 'utf8'),
}

/** The caller's environment without what would change Nx or git, and with what the source of the plugin needs. */
function isolatedEnvironment(): Record<string, string | undefined> {
  const inherited = Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(NX_|GIT_|CI$|VITEST|NODE_OPTIONS$|CARGO_TARGET_DIR$|PYTHONPATH$|VIRTUAL_ENV$|UV_)/.test(name),
    ),
  )
  return {
    ...inherited,
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_AUTHOR_NAME: 'test',
    GIT_AUTHOR_EMAIL: 'test@example.invalid',
    GIT_COMMITTER_NAME: 'test',
    GIT_COMMITTER_EMAIL: 'test@example.invalid',
    NODE_OPTIONS: '--conditions=@interlock/source',
    NX_DAEMON: 'false',
    NX_ISOLATE_PLUGINS: 'false',
    NX_NO_CLOUD: 'true',
    NX_TUI: 'false',
  }
}
