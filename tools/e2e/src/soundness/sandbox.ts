import { symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { runOk } from '@interlock/kit'
import { createTestWorkspace, type TestWorkspace } from '@interlock/kit/testing'

/** A workspace that has Nx and the published packages installed. */
export interface Sandbox extends TestWorkspace {
  /** Runs a program that must succeed and returns its standard output. */
  readonly output: (...command: readonly string[]) => Promise<string>
  readonly nx: (...args: readonly string[]) => Promise<string>
  readonly interlock: (...args: readonly string[]) => Promise<string>
  /** Writes closures.json by the functions that the sync generator calls, without starting Nx. */
  readonly writeClosures: () => Promise<void>
}

/** What of the installed `@interlock/nx` makes closures.json; loaded from its files, so the types are told here. */
interface PublishedClosures {
  readonly closuresOf: (results: unknown, parents: unknown) => object
  readonly committableParents: (root: string, files: unknown, results: unknown) => unknown
  readonly renderClosures: (table: object) => string
  readonly readWorkspace: (files: unknown, settings: unknown) => unknown
  readonly settingsOf: (files: unknown, options: unknown) => unknown
  readonly workspaceFilesOnDisk: (root: string) => unknown
}

const NX_JSON = {
  analytics: false,
  cacheDirectory: '.nx/cache',
  plugins: ['@interlock/nx/plugin'],
  sync: { globalGenerators: ['@interlock/nx:closures'] },
}

export interface SandboxOptions {
  /** A folder whose `node_modules` has Nx and the packages. */
  readonly installed: string
  readonly daemon: boolean
  /** Path → text of what the workspace has besides the settings of git and Nx. */
  readonly files: Readonly<Record<string, string>>
}

export async function createSandbox({ installed, daemon, files }: SandboxOptions): Promise<Sandbox> {
  const workspace = await createTestWorkspace({
    files: {
      'package.json': '{ "name": "soundness", "version": "0.0.0", "private": true, "type": "module" }\n',
      ...files,
      '.gitignore': 'node_modules\n.nx\ntarget\ndist\n.venv*\n',
      'nx.json': `${JSON.stringify(NX_JSON, null, 2)}\n`,
    },
  })
  const modules = join(installed, 'node_modules')
  await symlink(modules, join(workspace.root, 'node_modules'), 'junction')
  const env = {
    ...(await isolation(workspace)),
    NX_DAEMON: String(daemon),
    NX_ISOLATE_PLUGINS: 'false',
    NX_NO_CLOUD: 'true',
    NX_TUI: 'false',
    UV_PYTHON_DOWNLOADS: 'never',
  }
  const output: Sandbox['output'] = async (...command) => (await runOk(command, { cwd: workspace.root, env })).stdout
  const script = (program: string, args: readonly string[]): Promise<string> =>
    output(process.execPath, join(workspace.root, 'node_modules', program), ...args)
  const nx: Sandbox['nx'] = (...args) => script('nx/dist/bin/nx.js', args)
  if (daemon) workspace.onDispose(() => nx('daemon', '--stop'))
  const published = await publishedClosures(modules)
  return {
    ...workspace,
    output,
    nx,
    interlock: (...args) => script('@interlock/cli/bin/interlock.js', args),
    writeClosures: async () => {
      const known = published.workspaceFilesOnDisk(workspace.root)
      const results = published.readWorkspace(known, published.settingsOf(known, undefined))
      const table = published.closuresOf(results, published.committableParents(workspace.root, known, results))
      await workspace.write('closures.json', published.renderClosures(table))
    },
  }
}

/** The environment that kit's test workspaces give to git, read back so that every program here has the same. */
async function isolation(workspace: TestWorkspace): Promise<Record<string, string | undefined>> {
  const ended = await workspace.run([process.execPath, '-e', 'process.stdout.write(JSON.stringify(process.env))'])
  if (ended.kind !== 'exited') throw new Error(`node did not run: ${ended.kind}`)
  const theirs = JSON.parse(ended.stdout) as Record<string, string>
  const absent = Object.keys(process.env).filter((name) => !(name in theirs))
  return { ...theirs, ...Object.fromEntries(absent.map((name) => [name, undefined])) }
}

async function publishedClosures(modules: string): Promise<PublishedClosures> {
  const load = async (file: string): Promise<object> =>
    (await import(/* @vite-ignore */ pathToFileURL(join(modules, '@interlock/nx/dist', file)).href)) as object
  const parts = await Promise.all(
    ['core/closures.js', 'io/facts.js', 'io/graph.js', 'io/settings.js', 'io/workspace-files.js'].map(load),
  )
  return Object.assign({}, ...parts) as PublishedClosures
}
