import { globMatcher, InterlockError } from '@interlock/kit'
import type { StaleProject } from './closures.ts'

/** What the hook knows of the command that is about to run tasks. */
export interface RunFacts {
  /** Words of the command line. */
  readonly argv: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  /** The names of the targets of each project, by the project's name. */
  readonly projects: Readonly<Record<string, readonly string[]>>
  /** Names of the projects that patterns choose, as Nx reads them. */
  readonly matching: (patterns: readonly string[]) => readonly string[]
}

/** Throws when the command would run nothing, or the wrong thing, and call it success. */
export function expectHonestRun(facts: RunFacts): void {
  const command = facts.argv.find((word) => word === 'affected' || word === 'run-many')
  if (command === undefined) return
  for (const rule of [expectProjects, expectBase, expectComparable, expectTargets, expectSelection]) rule(facts, command)
}

function expectProjects({ projects }: RunFacts): void {
  if (Object.keys(projects).length > 0) return
  throw new InterlockError('GRAPH_EMPTY', 'there is no project in this workspace, so nothing would run', {
    hint: 'is the manifest ignored by git, or excluded in nx.json?',
  })
}

function expectBase({ argv, env }: RunFacts, command: string): void {
  if (command !== 'affected') return
  for (const name of ['base', 'head']) {
    const given = flagValues(argv, [`--${name}`])
    const variable = `NX_${name.toUpperCase()}`
    const empty = given.some((value) => value.trim() === '')
    if (!empty && (given.length > 0 || env[variable] === undefined || env[variable].trim() !== '')) continue
    throw new InterlockError(
      'BASE_EMPTY',
      `${empty ? `--${name}` : variable} is empty, and Nx would compare with a default instead`,
      {
        hint: 'give a commit id, or leave it out: `npx interlock base` prints the commit to compare with',
      },
    )
  }
}

function expectComparable({ argv }: RunFacts, command: string): void {
  if (command !== 'affected') return
  const flag = ['--uncommitted', '--untracked'].find((name) => argv.includes(name) || argv.includes(`${name}=true`))
  if (flag === undefined) return
  throw new InterlockError('USAGE', `${flag} compares closures.json with another commit than the files, and can miss a change`, {
    hint: 'use --base=HEAD',
  })
}

function expectTargets({ argv, projects }: RunFacts): void {
  expectKnownTargets(askedTargets(argv), new Set(Object.values(projects).flat()))
}

/** The tests on one Python, which every project may leave out by its `requires-python`. */
const PYTHON_TARGET = /^test-py\d+\.\d+$/u

/**
 * Throws `TARGET_UNKNOWN` for a target that no project has: Nx runs nothing for it, with status 0. A Python that every
 * project leaves out is none beside a target that is there.
 */
export function expectKnownTargets(asked: readonly string[], targets: ReadonlySet<string>): void {
  const unknown = asked.filter((name) => !hasTarget(targets, name.startsWith('!') ? name.slice(1) : name))
  const name = unknown.length === asked.length ? unknown[0] : unknown.find((each) => !PYTHON_TARGET.test(each))
  if (name === undefined) return
  throw new InterlockError('TARGET_UNKNOWN', `no project has the target "${name}", so nothing would run`, {
    hint: `targets here: ${[...targets].sort().join(', ')}`,
  })
}

/** Nx runs nothing, with status 0, for a project that is not there and for projects without the target. */
function expectSelection({ argv, projects, matching }: RunFacts, command: string): void {
  const chosen = command === 'run-many' ? listValues(argv, ['-p', '--projects']) : listValues(argv, ['--projects'])
  const excluded = listValues(argv, ['--exclude'])
  // `interlock affected` excludes everything but the projects that it was given.
  const kept = excluded.flatMap((pattern) => (pattern.startsWith('!') ? [pattern.slice(1)] : []))
  const unknown = [...chosen, ...kept].find((pattern) => !pattern.startsWith('!') && matching([pattern]).length === 0)
  if (unknown !== undefined) {
    throw new InterlockError('PROJECT_UNKNOWN', `no project is named "${unknown}", nor matches it, so nothing would run for it`, {
      hint: '`npx nx show projects` lists them',
    })
  }
  if (chosen.length === 0 && excluded.length === 0) return
  const left = new Set(chosen.length === 0 ? Object.keys(projects) : matching(chosen))
  for (const name of excluded.length === 0 ? [] : matching(excluded)) left.delete(name)
  const asked = askedTargets(argv).filter((name) => !name.startsWith('!'))
  const targets = new Set([...left].flatMap((name) => projects[name] ?? []))
  if (asked.length === 0 || asked.some((name) => hasTarget(targets, name))) return
  throw new InterlockError(
    'TARGET_UNKNOWN',
    `none of the chosen projects has the target ${asked.join(', ')}, so nothing would run`,
    {
      hint: 'widen --projects, or narrow --exclude',
    },
  )
}

function askedTargets(argv: readonly string[]): string[] {
  return listValues(argv, ['-t', '--target', '--targets'])
}

function hasTarget(targets: ReadonlySet<string>, pattern: string): boolean {
  const matches = globMatcher(pattern)
  return targets.has(pattern) || targets.has(pattern.split(':', 1)[0] ?? pattern) || [...targets].some((name) => matches(name))
}

/** Values of flags that take lists, with commas or spaces between. */
function listValues(argv: readonly string[], names: readonly string[]): string[] {
  return flagValues(argv, names)
    .flatMap((value) => value.split(/[,\s]+/))
    .filter((name) => name !== '')
}

/** Values of flags in all forms that Nx reads: `--a=b`, `--a b c`, `-t b`, `-t=b`, `-tb`. */
function flagValues(argv: readonly string[], names: readonly string[]): string[] {
  const values: string[] = []
  const end = argv.includes('--') ? argv.indexOf('--') : argv.length
  for (let at = 0; at < end; at += 1) {
    const word = argv[at] ?? ''
    const name = names.find((flag) => word === flag || word.startsWith(`${flag}=`) || isShort(word, flag))
    if (name === undefined) continue
    if (word !== name) {
      values.push(word.slice(name.length).replace(/^=/, ''))
      continue
    }
    const following = argv.slice(at + 1, end)
    const until = following.findIndex((next) => next.startsWith('-'))
    values.push(...(until === -1 ? following : following.slice(0, until)))
  }
  return values
}

function isShort(word: string, flag: string): boolean {
  return !flag.startsWith('--') && !word.startsWith('--') && word.startsWith(flag)
}

/** Warnings before tasks run: they cost precision or trust, not correctness. */
export function runWarnings({
  stale,
  cacheDirectory,
  env,
}: {
  readonly stale: readonly StaleProject[]
  readonly cacheDirectory: string | undefined
  readonly env: Readonly<Record<string, string | undefined>>
}): string[] {
  const warnings: string[] = []
  if (stale.length > 0) {
    const shown = stale.slice(0, 10).map((project) => project.root)
    const more = stale.length > shown.length ? ` and ${stale.length - shown.length} more` : ''
    warnings.push(
      `closures.json is stale for ${shown.join(', ')}${more}: until \`npx nx sync\`, every change of the lock file runs them`,
    )
  }
  if (cacheDirectory === undefined && env['NX_CACHE_DIRECTORY'] === undefined) {
    warnings.push(
      'the cache is shared by every clone of this repository on this machine: set "cacheDirectory": ".nx/cache" in nx.json',
    )
  }
  return warnings
}
