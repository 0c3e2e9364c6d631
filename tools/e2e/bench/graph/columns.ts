import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Files } from './files.ts'
import { type Command, measure, type Place } from './measure.ts'
import type { BenchProject } from './projects.ts'
import { ninjaFiles, nxFiles, projectJsonFiles, turboFiles } from './task-files.ts'

/** One tool in one setting. */
export interface Column {
  readonly key: string
  /** Whether the workspace has Cargo.toml, pyproject.toml and package.json, or package.json only. */
  readonly polyglot: boolean
  /** Which of the installed folders becomes node_modules. */
  readonly modules: 'interlock' | 'plugins' | 'turbo' | undefined
  readonly daemon: boolean
  readonly env: Readonly<Record<string, string>>
  /** Files on top of the workspace's own. */
  readonly files: (projects: readonly BenchProject[], files: Files) => Files
  readonly graph: (root: string) => Command
  /** The list of what changed between two commits, of which the second is checked out. */
  readonly affected: (root: string, base: string) => Command
  /** The plan of a run of CI for the same change, where the tool has one. */
  readonly plan?: (root: string, base: string) => Command
  readonly run: (root: string) => Command
  /** Removes what the tool remembers of the graph, but no results of tasks. */
  readonly forget: (root: string) => void
  /** Brings the tool's own record up to the checked-out files where it goes by their times. */
  readonly settle: (place: Place) => unknown
  /** Names in the output of `affected`. */
  readonly selected: (stdout: string) => readonly string[]
  /** Whether the output of `run` says that nothing was run. */
  readonly cached: (stdout: string, size: number) => boolean
}

export const COLUMNS: readonly Column[] = [
  ...nxColumns('bare', { polyglot: false, modules: 'interlock', files: () => nxFiles([]) }),
  ...nxColumns('interlock', {
    polyglot: true,
    modules: 'interlock',
    files: () => nxFiles(['@interlock/nx/plugin']),
    plan: (root, base) => ({ words: [...interlock(root), 'ci', 'plan', '-t', 'lint', '--base', base, '--head', 'HEAD'] }),
  }),
  ...nxColumns('plugins', {
    polyglot: true,
    modules: 'plugins',
    files: (projects) => ({ ...nxFiles(['@monodon/rust', '@nxlv/python']), ...projectJsonFiles(projects) }),
  }),
  {
    key: 'turbo',
    polyglot: true,
    modules: 'turbo',
    daemon: false,
    env: { TURBO_TELEMETRY_DISABLED: '1', TURBO_NO_UPDATE_NOTIFIER: '1' },
    files: turboFiles,
    graph: (root) => ({ words: [...turbo(root), 'ls', '--output=json'] }),
    affected: (root, base) => ({
      words: [...turbo(root), 'run', 'verify', '--affected', '--dry=json'],
      env: { TURBO_SCM_BASE: base, TURBO_SCM_HEAD: 'HEAD' },
    }),
    run: (root) => ({ words: [...turbo(root), 'run', 'verify'] }),
    forget: () => undefined,
    settle: () => undefined,
    selected: (stdout) => {
      const { tasks } = JSON.parse(stdout) as { tasks: readonly { readonly package: string }[] }
      return tasks.map((task) => task.package).filter((name) => /^[rpt]\d+$/.test(name))
    },
    cached: (stdout) => /Cached:\s+(\d+) cached, \1 total/.test(stdout),
  },
  {
    key: 'ninja',
    polyglot: true,
    modules: undefined,
    daemon: false,
    env: {},
    files: ninjaFiles,
    graph: () => ({ words: ['ninja', '-n'] }),
    affected: () => ({ words: ['ninja', '-n'] }),
    run: () => ({ words: ['ninja'] }),
    forget: () => undefined,
    settle: (place) => measure({ words: ['ninja'] }, place),
    selected: (stdout) => [...stdout.matchAll(/^\[\d+\/\d+\] stamps\/(\w+)$/gm)].map(([, name = '']) => name),
    cached: (stdout) => stdout.includes('no work to do'),
  },
]

function nxColumns(key: string, base: Pick<Column, 'polyglot' | 'modules' | 'files' | 'plan'>): Column[] {
  const column = (daemon: boolean): Column => ({
    ...base,
    key: daemon ? `${key}-daemon` : key,
    daemon,
    env: { NX_DAEMON: String(daemon), NX_ISOLATE_PLUGINS: 'false', NX_NO_CLOUD: 'true', NX_TUI: 'false' },
    graph: (root) => ({ words: [...nx(root), 'show', 'projects', '--json'] }),
    affected: (root, from) => ({
      words: [...nx(root), 'affected', '--target=lint', `--base=${from}`, '--head=HEAD', '--graph=stdout'],
    }),
    run: (root) => ({ words: [...nx(root), 'run-many', '--target=lint', '--output-style=static'] }),
    forget: forgetGraph,
    settle: () => undefined,
    selected: (stdout) => {
      const { tasks } = JSON.parse(stdout.slice(stdout.indexOf('{'), stdout.lastIndexOf('}') + 1)) as {
        tasks: { tasks: Readonly<Record<string, { readonly target: { readonly project: string } }>> }
      }
      return Object.values(tasks.tasks).map(({ target }) => target.project)
    },
    cached: (stdout, size) => stdout.includes(`instead of running the command for ${size} out of ${size} tasks`),
  })
  return [column(false), column(true)]
}

/** The words that start Nx; also used to prepare and to clean up. */
export function nx(root: string): string[] {
  const folder = join(root, 'node_modules', 'nx')
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { readonly bin: { readonly nx: string } }
  return [process.execPath, join(folder, bin.nx)]
}

function interlock(root: string): string[] {
  return [process.execPath, join(root, 'node_modules', '@interlock', 'cli', 'bin', 'interlock.js')]
}

function turbo(root: string): string[] {
  return [process.execPath, join(root, 'node_modules', 'turbo', 'bin', 'turbo')]
}

/** Everything but the database, in which Nx remembers which results it has. */
function forgetGraph(root: string): void {
  const data = join(root, '.nx', 'workspace-data')
  spawnSync(nx(root)[0] ?? '', [...nx(root).slice(1), 'daemon', '--stop'], { cwd: root, stdio: 'ignore' })
  for (const entry of readdirSync(data)) if (!/\.db/.test(entry)) rmSync(join(data, entry), { recursive: true, force: true })
}
