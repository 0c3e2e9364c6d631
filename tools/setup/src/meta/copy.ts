import { execFileSync, spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { devNull, tmpdir } from 'node:os'
import { join } from 'node:path'
import { ROOT } from './repository.ts'

/** A copy of this clone, as a developer has it who has just committed everything. */
export interface Copy {
  readonly root: string
  /** Runs a command as a person types it. `env` comes on top of the caller's, without what an outer Nx or git left there. */
  readonly run: (
    command: string,
    env?: Readonly<Record<string, string>>,
  ) => { readonly status: number | null; readonly output: string }
  /** Replaces text of a file, which must be there. */
  readonly edit: (path: string, from: string | RegExp, to: string) => void
  /** Commits everything and returns the commit's id. */
  readonly commit: () => string
  /** Projects whose `test` Nx selects for what changed since `base`. Sorted. */
  readonly affected: (base: string) => readonly string[]
  /** Paths that git says are changed. */
  readonly changes: () => readonly string[]
  /** Takes changes back. */
  readonly restore: () => void
  readonly dispose: () => void
}

/** Copies the files that git knows or would add, with the npm packages in reach that are installed here. */
export function copyOfThisClone(): Copy {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'interlock-copy-')))
  const env = withoutOuterRun()
  const git = (...args: string[]): string => execFileSync('git', args, { cwd: root, encoding: 'utf8', env })
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  })
  for (const path of listed.split('\0').filter((path) => path !== '' && existsSync(join(ROOT, path))))
    cpSync(join(ROOT, path), join(root, path))
  linkInstalled(root)
  const commit = (): string => {
    git('add', '--all')
    git('commit', '--quiet', '--allow-empty', '--message', 'everything')
    return git('rev-parse', 'HEAD').trim()
  }
  const run: Copy['run'] = (command, more = {}) => {
    const [program = '', ...args] = command.split(' ')
    const ended = spawnSync(program, args, {
      cwd: root,
      encoding: 'utf8',
      env: { ...env, ...more },
      maxBuffer: 1 << 28,
      timeout: 120_000,
    })
    return { status: ended.status, output: `${ended.stdout}${ended.stderr}` }
  }
  git('init', '--quiet', '--initial-branch=main')
  commit()
  return {
    root,
    run,
    commit,
    edit(path, from, to) {
      const before = readFileSync(join(root, path), 'utf8')
      const after = before.replace(from, to)
      if (after === before) throw new Error(`${path} does not hold ${String(from)}`)
      writeFileSync(join(root, path), after)
    },
    affected: (base) => testsSelected(run(`npx nx affected -t test --base=${base} --graph=stdout`).output),
    changes: () =>
      git('status', '--porcelain', '--untracked-files=all')
        .split('\n')
        .flatMap((line) => (line === '' ? [] : [line.slice(3)])),
    restore() {
      git('reset', '--quiet', '--hard')
      git('clean', '--quiet', '-d', '--force')
    },
    dispose: () => rmSync(root, { force: true, recursive: true }),
  }
}

function testsSelected(output: string): string[] {
  const plan = JSON.parse(output.slice(output.indexOf('{'), output.lastIndexOf('}') + 1)) as {
    readonly tasks: {
      readonly tasks: Readonly<Record<string, { readonly target: { readonly project: string; readonly target: string } }>>
    }
  }
  return Object.values(plan.tasks.tasks)
    .flatMap(({ target }) => (target.target === 'test' ? [target.project] : []))
    .sort()
}

/** A folder of links, not a link to the folder: an `npm ci` in the copy must not reach this clone's packages. */
function linkInstalled(root: string): void {
  mkdirSync(join(root, 'node_modules'))
  for (const entry of readdirSync(join(ROOT, 'node_modules'), { withFileTypes: true })) {
    const [from, to] = [join(ROOT, 'node_modules', entry.name), join(root, 'node_modules', entry.name)]
    // What tools remember between runs stays each clone's own.
    if (['.cache', '.vite', '.vite-temp'].includes(entry.name)) continue
    if (entry.isFile()) cpSync(from, to)
    else symlinkSync(from, to, 'junction')
  }
  mkdirSync(join(root, '.tools'))
  // Compiled once: a copy's own set-up leaves them alone.
  for (const tools of [join('.tools', 'referees'), join('.tools', 'services')]) {
    if (existsSync(join(ROOT, tools))) symlinkSync(join(ROOT, tools), join(root, tools), 'junction')
  }
}

function withoutOuterRun(): Record<string, string | undefined> {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(NX_|GIT_|VITEST|npm_|NODE_OPTIONS$|FORCE_COLOR$|CARGO_TARGET_DIR$|PYTHON|VIRTUAL_ENV$|UV_)/.test(name),
  )
  return {
    ...Object.fromEntries(inherited),
    GIT_CONFIG_GLOBAL: devNull,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_AUTHOR_EMAIL: 'copy@example.invalid',
    GIT_AUTHOR_NAME: 'copy',
    GIT_COMMITTER_EMAIL: 'copy@example.invalid',
    GIT_COMMITTER_NAME: 'copy',
    NO_COLOR: '1',
    NX_DAEMON: 'false',
    // A process for each plugin takes longer to start than the plugin works.
    NX_ISOLATE_PLUGINS: 'false',
    NX_TUI: 'false',
  }
}
