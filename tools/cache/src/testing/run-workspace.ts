import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { readHandshakes } from '../io/handshake.ts'
import { cacheFolder } from '../io/places.ts'

const REPOSITORY = join(import.meta.dirname, '..', '..', '..', '..')
const NX = join(REPOSITORY, 'node_modules', 'nx', 'dist', 'bin', 'nx.js')
const INTERLOCK = join(REPOSITORY, 'tools', 'cli', 'bin', 'interlock.js')

export type Environment = Readonly<Record<string, string | undefined>>

export interface Ended {
  readonly status: number | null
  readonly output: string
}

export interface Running {
  readonly child: ChildProcess
  readonly ended: Promise<Ended>
}

/** A workspace whose tasks copy a file, in which the real Nx runs with the plugin from its source. */
export interface RunWorkspace {
  readonly root: string
  readonly start: (words: readonly string[], env?: Environment) => Running
  readonly nx: (words: readonly string[], env?: Environment) => Promise<Ended>
  readonly interlock: (words: readonly string[], env?: Environment) => Promise<Ended>
  /** Runs a line as a person types it. */
  readonly shell: (line: string) => Promise<Ended>
  readonly write: (path: string, text: string) => void
  readonly read: (path: string) => string
  /** Removes what Nx remembers and what tasks wrote: the next run finds nothing on this machine. */
  readonly forget: () => void
  /** The names of the projects whose output is not what its task writes. */
  readonly wrongOutputs: () => readonly string[]
  /** The processes of shields that have announced themselves here. */
  readonly shields: () => readonly number[]
  /** The one of them; throws where there is none, or more than one. */
  readonly shield: () => number
  readonly dispose: () => Promise<void>
}

export interface RunWorkspaceOptions {
  readonly tasks: number
  /** Section `cache` of interlock.yaml, as YAML below its key; none when absent. */
  readonly cache?: string
  /** What each task does before it writes, in JavaScript; `name` is its project. */
  readonly before?: string
  /** How many tasks wait for each other in a row (else 1). */
  readonly layers?: number
}

/** Makes the workspace: projects `p0`, `p1`, … with the target `build`, in layers that build on each other. */
export function createRunWorkspace({ tasks, cache, before = '', layers = 1 }: RunWorkspaceOptions): RunWorkspace {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'interlock-cache-')))
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  const names = Array.from({ length: tasks }, (_, index) => `p${index}`)
  write('nx.json', JSON.stringify({ analytics: false, cacheDirectory: '.nx/cache', plugins: ['@interlock/nx/plugin'] }))
  // Nx reads it to load the plugin from TypeScript.
  write('tsconfig.base.json', readFileSync(join(REPOSITORY, 'tsconfig.base.json'), 'utf8'))
  write('package.json', '{"name": "w", "private": true}')
  write('.gitignore', 'node_modules\n.nx\nout\n')
  write('build.mjs', [BUILD_BEFORE, before, BUILD_AFTER].join('\n'))
  if (cache !== undefined) write('interlock.yaml', `cache:\n${cache.replaceAll(/^/gmu, '  ')}\n`)
  const inLayer = Math.ceil(tasks / layers)
  for (const [index, name] of names.entries()) {
    write(`packages/${name}/in.txt`, `content of ${name} at ${root}\n`)
    write(
      `packages/${name}/project.json`,
      JSON.stringify({
        name,
        implicitDependencies: index < inLayer ? [] : [`p${index - inLayer}`],
        targets: { build: { ...TARGET, options: { command: `node build.mjs ${name}` } } },
      }),
    )
  }
  symlinkSync(join(REPOSITORY, 'node_modules'), join(root, 'node_modules'))
  spawnSync('git', ['init', '--quiet', '--initial-branch=main'], { cwd: root, env: isolated() })

  const launch = (words: readonly string[], env: Environment = {}, program: string = process.execPath): Running => {
    const child = spawn(program, words, {
      cwd: root,
      env: { ...isolated(), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (output += text))
    return { child, ended: new Promise((resolve) => child.once('close', (status) => resolve({ status, output }))) }
  }
  const start: RunWorkspace['start'] = (words, env) => launch([NX, ...words], env)
  const shields = (): readonly number[] => readHandshakes(cacheFolder(root)).map(({ pid }) => pid)
  return {
    root,
    start,
    write,
    shields,
    shield: () => {
      const [pid, ...others] = shields()
      if (pid === undefined || others.length > 0) throw new Error(`${shields().length} shields, not one`)
      return pid
    },
    nx: async (words, env) => start(words, env).ended,
    interlock: async (words, env) => launch([INTERLOCK, ...words], env).ended,
    shell: async (line) => launch(['-c', line], {}, 'sh').ended,
    read: (path) => readFileSync(join(root, path), 'utf8'),
    forget: () => {
      for (const path of ['.nx/cache', '.nx/workspace-data', 'out']) rmSync(join(root, path), { recursive: true, force: true })
    },
    wrongOutputs: () =>
      names.filter((name) => {
        try {
          return readFileSync(join(root, 'out', name, 'out.txt'), 'utf8') !== `built: content of ${name} at ${root}\n`
        } catch {
          return true
        }
      }),
    dispose: async () => {
      for (const pid of shields()) end(pid)
      rmSync(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
    },
  }
}

/** Ends a process at once, as the kernel does when memory is short. */
export function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has gone already.
  }
}

const TARGET = {
  executor: 'nx:run-commands',
  cache: true,
  dependsOn: ['^build'],
  inputs: ['{projectRoot}/**/*', '{workspaceRoot}/build.mjs'],
  outputs: ['{workspaceRoot}/out/{projectName}'],
}

const BUILD_BEFORE = `import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
const name = process.argv[2]
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms))`

const BUILD_AFTER = `mkdirSync('out/' + name, { recursive: true })
writeFileSync('out/' + name + '/out.txt', 'built: ' + readFileSync('packages/' + name + '/in.txt', 'utf8'))
`

/** The caller's environment without what would change Nx, git or the way to a server. */
function isolated(): Environment {
  const foreign =
    /^(?:NX_|GIT_|CI$|VITEST|NODE_OPTIONS$|NODE_V8_COVERAGE$|INTERLOCK_|ACTIONS_|GITHUB_|(?:https?|all|no)_proxy$)/iu
  return {
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name))),
    NODE_OPTIONS: '--conditions=@interlock/source',
    NX_DAEMON: 'false',
    NX_ISOLATE_PLUGINS: 'false',
    NX_NO_CLOUD: 'true',
    NX_TUI: 'false',
  }
}
