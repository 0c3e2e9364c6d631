import { Command, CommanderError } from 'commander'
import { EXIT, InterlockError } from '@interlock/kit'
import type { Invocation, Outcome, Verb } from './core/verb.ts'

/** Everything that a command line needs besides its words. */
export interface ProgramContext {
  readonly verbs: readonly Verb[]
  readonly version: string
  /** Printed under the list of verbs, e.g. why there are none. */
  readonly note: string | undefined
  readonly invocation: Pick<Invocation, 'root' | 'env'>
}

/** What the words on a command line came to. */
export type ProgramResult =
  | { readonly kind: 'outcome'; readonly outcome: Outcome }
  /** Help or the version was asked for. */
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'usage'; readonly text: string }

/** Parses the words, runs the verb that they name and returns its outcome; what a verb throws is thrown. */
export async function runProgram(words: readonly string[], context: ProgramContext): Promise<ProgramResult> {
  const separator = words.indexOf('--')
  const own = separator === -1 ? words : words.slice(0, separator)
  const rest = separator === -1 ? [] : words.slice(separator + 1)
  let text = ''
  let outcome: Outcome | undefined
  const write = (chunk: string): void => void (text += chunk)
  const program = styled(new Command('interlock'), write)
    .description('Checks and answers about the task graph of this workspace')
    .version(context.version, '-V, --version', 'print the version')
  if (context.note !== undefined) program.addHelpText('after', `\n${context.note}`)
  for (const verb of context.verbs) {
    addVerb({ program, write }, verb, async (invocation) => {
      outcome = await verb.run({ ...context.invocation, ...invocation, rest: restOf(verb, rest) })
    })
  }
  if (own.length === 0) return { kind: 'usage', text: program.helpInformation() }
  try {
    await program.parseAsync([...own], { from: 'user' })
  } catch (thrown) {
    if (!(thrown instanceof CommanderError)) throw thrown
    return { kind: thrown.exitCode === 0 ? 'text' : 'usage', text }
  }
  if (outcome === undefined) return { kind: 'usage', text }
  return { kind: 'outcome', outcome }
}

type ParsedInvocation = Pick<Invocation, 'arguments' | 'options' | 'json'>

function addVerb(
  place: { readonly program: Command; readonly write: (chunk: string) => void },
  verb: Verb,
  run: (invocation: ParsedInvocation) => Promise<void>,
): void {
  const words = verb.name.split(' ')
  const parent = words.slice(0, -1).reduce((group, name) => groupOf(group, name, place.write), place.program)
  const command = styled(parent.command(words.at(-1) ?? '').description(verb.summary), place.write)
  for (const argument of verb.arguments ?? []) command.argument(argument.name, argument.description)
  for (const option of verb.options ?? []) {
    if (option.required === true) command.requiredOption(option.flags, option.description)
    else command.option(option.flags, option.description)
  }
  command.option('--json', 'print one JSON document instead of prose')
  if (verb.rest !== undefined) command.usage(`${command.usage()} [-- ${verb.rest}]`)
  if (verb.examples !== undefined)
    command.addHelpText('after', `\nExamples:\n${verb.examples.map((line) => `  ${line}`).join('\n')}`)
  command.action(async () => {
    const { json, ...options } = command.opts()
    await run({ arguments: command.args, options, json: json === true })
  })
}

function groupOf(parent: Command, name: string, write: (chunk: string) => void): Command {
  const existing = parent.commands.find((command) => command.name() === name)
  return existing ?? styled(parent.command(name).description(`verbs about the ${name}`), write)
}

/** Commander prints and exits by itself; here it hands back its words, so that one place decides about streams and status. */
function styled(command: Command, write: (chunk: string) => void): Command {
  return command
    .exitOverride()
    .configureOutput({ writeOut: write, writeErr: write })
    .showSuggestionAfterError(true)
    .showHelpAfterError(`\nhint: ${[...pathOf(command), '--help'].join(' ')}`)
    .helpCommand(false)
}

/** The words that lead to a command: `interlock`, `ci`, `plan`. */
function pathOf(command: Command): string[] {
  return command.parent === null ? ['interlock'] : [...pathOf(command.parent), command.name()]
}

function restOf(verb: Verb, rest: readonly string[]): readonly string[] {
  if (rest.length === 0 || verb.rest !== undefined) return rest
  throw new InterlockError('USAGE', `interlock ${verb.name} takes no words after "--": ${rest.join(' ')}`, {
    hint: `interlock ${verb.name} --help`,
  })
}

/** Exit status of a result. */
export function statusOf(result: ProgramResult): number {
  if (result.kind === 'outcome') return result.outcome.status
  return result.kind === 'text' ? EXIT.done : EXIT.usage
}
