import type { GeneratedSet } from './generated.ts'
import { KNOWN_COMMANDS, type KnownCommand } from './known-commands.ts'
import type { Item } from './report.ts'

/** What becomes of one command; `undefined` for one that does nothing by itself, such as `cd`. */
export type CommandVerdict = Pick<Item, 'verdict' | 'by' | 'note'>

export function commandVerdict(words: readonly string[], generated: GeneratedSet): CommandVerdict | undefined {
  if (isNothing(words)) return undefined
  const command = withoutRunner(words)
  const [program = '', ...others] = command
  // pnpm and yarn start a program by its name, too.
  if (['pnpm', 'yarn'].includes(program) && others[0] === 'nx') return nxVerdict(others.slice(1), generated)
  if (program === 'nx') return nxVerdict(others, generated)
  if (PREPARES.test(command.join(' '))) return preparation(command)
  const known = knownCommand(command)
  if (known !== undefined) return knownVerdict(known, others, generated)
  if (INDIRECT.has(program)) return { verdict: 'unknown', note: `what ${program} runs is not looked at` }
  return { verdict: 'unknown' }
}

function isNothing(words: readonly string[]): boolean {
  const [program = ''] = words
  if (['cd', 'set', 'ls', 'pwd', 'true', 'pushd', 'popd', 'exit'].includes(program)) return true
  return ['echo', 'printf'].includes(program) && !words.some((word) => word.includes('>') || word.includes('$('))
}

/** Programs that start other ones. */
const INDIRECT: ReadonlySet<string> = new Set(
  'make just npm pnpm yarn bun tox nox hatch pdm poetry bash sh python python3 node pre-commit prek turbo lerna bazel cargo uv gh'.split(
    ' ',
  ),
)

const PREPARES =
  /^(?:npm (?:ci|install)|pip3? install|uv (?:sync|venv|pip (?:install|sync)|python install|tool install)|poetry install|pdm install|(?:pnpm|yarn|bun) (?:install|i)|rustup|corepack|apt|apt-get|brew|choco|maturin develop|playwright install|cargo (?:binstall|install|fetch))(?: |$)/u

function preparation(command: readonly string[]): CommandVerdict {
  const isNpm = command[0] === 'npm' && command.slice(2).every((word) => word.startsWith('-'))
  return isNpm
    ? { verdict: 'replaced', by: 'setup' }
    : { verdict: 'unknown', note: 'it makes the machine ready: the script `setup` of package.json has to do it' }
}

/** The longest known name that the command starts with; flags before its second word are passed over. */
function knownCommand(command: readonly string[]): KnownCommand | undefined {
  const [program = '', ...others] = command
  const second = others.find((word) => !/^[-+]/u.test(word)) ?? ''
  return KNOWN.get(`${program} ${second}`) ?? KNOWN.get(program)
}

const KNOWN: ReadonlyMap<string, KnownCommand> = new Map(KNOWN_COMMANDS.map((command) => [command.name, command]))

function knownVerdict(known: KnownCommand, others: readonly string[], generated: GeneratedSet): CommandVerdict {
  if (known.covered === undefined) return { verdict: 'left', note: `it ${known.does ?? 'does something else'}` }
  const { job, target } = known.covered
  if (!generated.jobs.includes(job) || !generated.targets.includes(target)) {
    return { verdict: 'left', note: `nothing generated runs the target ${target} in ${job}` }
  }
  const flags = others.filter((word) => /^[-+]./u.test(word) && word !== '--').map((word) => word.replace(/=.*$/u, ''))
  const untold = [...new Set(flags)].filter((flag) => !(known.flags ?? []).includes(flag))
  if (untold.length === 0) return { verdict: 'replaced', by: job, note: `the target ${target}` }
  return { verdict: 'differs', by: job, note: `the target ${target}, which is not told: ${untold.join(' ')}` }
}

/** `nx affected -t a b`, `nx run-many --target=a`, `nx run project:a`, `nx a project`. */
function nxVerdict(words: readonly string[], generated: GeneratedSet): CommandVerdict {
  const targets = nxTargets(words)
  if (words[0] === 'release') return { verdict: 'left', note: 'it publishes a package' }
  if (words[0] === 'sync:check' && generated.jobs.includes('generated-files'))
    return { verdict: 'replaced', by: 'generated-files' }
  if (targets.length === 0) return { verdict: 'unknown' }
  const others = targets.filter((target) => !generated.targets.includes(target))
  if (others.length > 0) return { verdict: 'left', note: `nothing generated runs the targets ${others.join(', ')}` }
  return { verdict: 'replaced', by: 'plan', note: `the targets ${targets.join(', ')}, in the job of each project's language` }
}

function nxTargets(words: readonly string[]): readonly string[] {
  const [verb = '', second = ''] = words
  if (verb === 'run') return second.split(':').slice(1, 2)
  if (verb === 'affected' || verb === 'run-many') {
    const at = words.findIndex((word) => /^(?:-t|--targets?)$/u.test(word))
    const listed = at === -1 ? [] : words.slice(at + 1)
    const end = listed.findIndex((word) => word.startsWith('-'))
    const inline = words.flatMap((word) => /^(?:-t|--targets?)=(.+)$/u.exec(word)?.[1] ?? [])
    return [...(end === -1 ? listed : listed.slice(0, end)), ...inline]
      .flatMap((word) => word.split(','))
      .filter((word) => word !== '')
  }
  return words.length === 2 && !second.startsWith('-') ? [verb] : []
}

/** Without the programs that only start another one: `npx`, `uv run`, `python -m`. */
function withoutRunner(words: readonly string[]): readonly string[] {
  const [first = '', second = ''] = words
  const two = `${first} ${second}`
  const start = ['npx', 'uvx', 'bunx'].includes(first) ? 1 : RUNNERS.has(two) ? 2 : 0
  if (start === 0) return words
  let at = start
  while (words[at]?.startsWith('-') === true) at += VALUED.has(words[at] ?? '') ? 2 : 1
  return at >= words.length
    ? words
    : withoutRunner(words.slice(at).map((word, index) => (index === 0 ? word.replace(/@[\w.^~-]+$/u, '') : word)))
}

const RUNNERS: ReadonlySet<string> = new Set([
  'uv run',
  'poetry run',
  'pdm run',
  'hatch run',
  'python -m',
  'python3 -m',
  'npm exec',
  'pnpm exec',
  'pnpm dlx',
  'yarn exec',
  'yarn dlx',
  'nx-cloud record',
])

/** Flags of these programs that take the word behind them. */
const VALUED: ReadonlySet<string> = new Set(
  '--project --with --group --only-group --extra --python -p --directory --package --with-requirements --from --env-file -c'.split(
    ' ',
  ),
)
