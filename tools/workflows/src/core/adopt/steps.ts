import type { Node } from 'yaml'
import { actionVerdict } from './known-actions.ts'
import { commandVerdict } from './command.ts'
import type { GeneratedSet } from './generated.ts'
import { entriesIn, itemsIn, lineAt, type Source, textLine, textOf, valueIn } from './nodes.ts'
import { type Item, shortText } from './report.ts'
import { commandsOf, MOST_LINES, type ShellCommand } from './shell.ts'

/** Everything that the steps of a job or of an action do. */
export function stepItems(source: Source, steps: Node | undefined, generated: GeneratedSet): Item[] {
  return itemsIn(source, steps).flatMap((step) => {
    const uses = valueIn(source, step, 'uses')
    const run = valueIn(source, step, 'run')
    if (uses !== undefined) return usesItems(source, step, generated)
    if (run !== undefined) return runItems(source, step, generated)
    return [{ line: lineAt(source, step), kind: 'command', text: 'a step without uses and run', verdict: 'unknown' }]
  })
}

function usesItems(source: Source, step: Node, generated: GeneratedSet): Item[] {
  const node = valueIn(source, step, 'uses')
  const text = textOf(node) ?? ''
  const cache = entriesIn(source, valueIn(source, step, 'with')).find(({ key }) => key === 'cache' || key === 'enable-cache')
  const setting = textOf(cache?.value) ?? ''
  const kept = /(?:^|\/)setup-/u.test(text) && cache !== undefined && setting !== '' && setting !== 'false'
  const verdict = actionVerdict(text, generated)
  const isCompared = verdict.verdict !== 'replaced' || verdict.note !== undefined || valueIn(source, step, 'with') === undefined
  return [
    {
      line: lineAt(source, node),
      text: shortText(text),
      ...verdict,
      ...(isCompared ? {} : { note: 'its inputs are not compared' }),
    },
    ...(kept ? [cacheItem(cache.line, `${cache.key}: ${setting}`)] : []),
  ]
}

function cacheItem(line: number, text: string): Item {
  return {
    line,
    kind: 'cache',
    text: shortText(text),
    verdict: 'left',
    note: 'nothing generated keeps files between runs like this',
  }
}

function runItems(source: Source, step: Node, generated: GeneratedSet): Item[] {
  const node = valueIn(source, step, 'run')
  const script = textOf(node)
  const shell = textOf(valueIn(source, step, 'shell'))
  const line = node === undefined ? lineAt(source, step) : textLine(source, node)
  if (script === undefined) return [{ line, kind: 'command', text: 'a script that is no text', verdict: 'unknown' }]
  if (shell !== undefined && !/^(?:bash|sh)\b/u.test(shell)) {
    const [first = ''] = script.trim().split('\n')
    return [{ line, kind: 'command', text: shortText(first), verdict: 'unknown', note: `a script for ${shortText(shell)}` }]
  }
  if (script.split('\n').length > MOST_LINES) {
    return [{ line, kind: 'command', text: 'a script', verdict: 'unknown', note: `it has more than ${MOST_LINES} lines` }]
  }
  return commandItems(commandsOf(script), line, generated)
}

/** One item for each known command, and one for all others of the script: they are to be read together. */
function commandItems(commands: readonly ShellCommand[], first: number, generated: GeneratedSet): Item[] {
  const judged = commands.flatMap((command) => {
    const verdict = commandVerdict(command.words, generated)
    return verdict === undefined ? [] : [{ line: first + command.line, text: shortText(command.text), ...verdict }]
  })
  const strange = judged.filter(({ verdict, note }) => verdict === 'unknown' && note === undefined)
  const [one] = strange
  const known = judged.filter((item) => !strange.includes(item)).map((item): Item => ({ kind: 'command', ...item }))
  if (one === undefined) return known
  const note = strange.length === 1 ? undefined : `and ${strange.length - 1} more commands of this script`
  return [...known, { kind: 'command' as const, ...one, ...(note === undefined ? {} : { note }) }].sort((a, b) => a.line - b.line)
}
