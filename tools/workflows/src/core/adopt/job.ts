import { isMap, type Node } from 'yaml'
import type { GeneratedSet } from './generated.ts'
import { entriesIn, type Entry, isNumber, itemsIn, lineAt, sliceOf, type Source, textOf, valueIn } from './nodes.ts'
import { type Item, type JobReport, shortText } from './report.ts'
import { stepItems } from './steps.ts'

/** What becomes of one job. */
export function jobReport(source: Source, { key, line, value }: Entry, generated: GeneratedSet): JobReport {
  const items = [
    ...entriesIn(source, value).flatMap((entry) => keyItems(source, entry, generated)),
    ...secretItems(source, value),
    ...stepItems(source, valueIn(source, value, 'steps'), generated),
  ].sort((left, right) => left.line - right.line)
  return { id: shortText(key), line, items, replacedBy: replacers(items) }
}

/** Generated jobs that do something of it; the set-up alone is no reason to call anything replaced. */
export function replacers(items: readonly Item[]): readonly string[] {
  const jobs = items.flatMap(({ verdict, by, kind }) => {
    const isWork = kind === 'command' || kind === 'action' || kind === 'matrix'
    return (verdict === 'replaced' || verdict === 'differs') && by !== undefined && by !== 'setup' && isWork ? [by] : []
  })
  return [...new Set(jobs)].sort()
}

function keyItems(source: Source, entry: Entry, generated: GeneratedSet): Item[] {
  const { key, line, value } = entry
  switch (key) {
    case 'runs-on':
      return runnerItems(source, entry, generated)
    case 'strategy':
      return matrixItems(source, valueIn(source, value, 'matrix'), generated)
    case 'container':
      return [{ line, kind: 'service', text: 'a container for the job', verdict: 'left' }]
    case 'services':
      return entriesIn(source, value).map(({ key: name, line: at }) => ({
        line: at,
        kind: 'service',
        text: shortText(name),
        verdict: 'left',
      }))
    case 'environment':
      return [
        {
          line,
          kind: 'environment',
          text: shortText(textOf(value) ?? textOf(valueIn(source, value, 'name')) ?? ''),
          verdict: 'left',
        },
      ]
    case 'permissions':
      return permissionItems(source, entry)
    case 'env':
      return variableItems(source, value)
    case 'if':
      return [
        {
          line,
          kind: 'condition',
          text: shortText(textOf(value) ?? ''),
          verdict: 'unknown',
          note: 'the plan decides which generated job runs',
        },
      ]
    case 'uses':
      return [
        {
          line,
          kind: 'workflow',
          text: shortText(textOf(value) ?? ''),
          verdict: 'unknown',
          note: 'another workflow does the work: see its own lines, if it is of this repository',
        },
      ]
    default:
      return []
  }
}

function runnerItems(source: Source, { line, value }: Entry, { images }: GeneratedSet): Item[] {
  const labels = isMap(value) ? entriesIn(source, value).flatMap((entry) => itemsIn(source, entry.value)) : itemsIn(source, value)
  return labels.flatMap((label): Item[] => {
    const text = shortText(textOf(label) ?? '')
    // A matrix says itself what is in it.
    if (/^\$\{\{\s*matrix\.[\w.-]+\s*\}\}$/u.test(text)) return []
    if (text.includes('${{')) return [{ line, kind: 'runner', text, verdict: 'unknown' }]
    return isPlainLinux(text)
      ? []
      : [{ line, kind: 'runner', text, verdict: 'left', note: `generated jobs run on ${images.join(', ')}` }]
  })
}

function isPlainLinux(label: string): boolean {
  return /^ubuntu-(?:latest|slim|\d\d\.04)$/u.test(label)
}

function matrixItems(source: Source, matrix: Node | undefined, generated: GeneratedSet): Item[] {
  if (matrix === undefined) return []
  if (!isMap(matrix)) {
    return [
      {
        line: lineAt(source, matrix),
        kind: 'matrix',
        text: shortText(textOf(matrix) ?? ''),
        verdict: 'unknown',
        note: 'its values are made while it runs',
      },
    ]
  }
  return entriesIn(source, matrix).flatMap((entry) => {
    if (entry.key === 'include' || entry.key === 'exclude') {
      return itemsIn(source, entry.value).flatMap((one) =>
        isMap(one) ? entriesIn(source, one).flatMap((inner) => dimensionItems(source, inner, generated)) : [unknownValues(entry)],
      )
    }
    return dimensionItems(source, entry, generated)
  })
}

function dimensionItems(source: Source, entry: Entry, generated: GeneratedSet): Item[] {
  const { key, line, value } = entry
  const nodes = itemsIn(source, value)
  const texts = nodes.map((node) => textOf(node) ?? shortText(sliceOf(source, node)))
  if (texts.some((text) => text.includes('${{'))) return [unknownValues(entry)]
  if (/python/iu.test(key) && texts.every((text) => /^["']?\d+\.\d+/u.test(text))) {
    return nodes.map((node) => pythonItem(source, node, generated))
  }
  const others = /^(?:os|runner|runs-on|platform|runs_on)$/iu.test(key) ? texts.filter((text) => !isPlainLinux(text)) : texts
  if (others.length === 0) return []
  return [{ line, kind: 'matrix', text: shortText(`${key}: ${others.join(', ')}`), verdict: 'left' }]
}

function pythonItem(source: Source, node: Node, { pythonVersions, jobs }: GeneratedSet): Item {
  const written = textOf(node) ?? ''
  const version = /^\d+\.\d+/u.exec(written)?.[0] ?? written
  const trap =
    isNumber(node) && written.endsWith('0') ? `GitHub reads ${String(Number(written))}, since it is not in quotes` : undefined
  const place = { line: lineAt(source, node), kind: 'matrix' as const, text: shortText(`python ${written}`) }
  if (trap === undefined && pythonVersions.includes(version) && jobs.includes('python-tests')) {
    return { ...place, verdict: 'replaced', by: 'python-tests', note: `the target test-py${version}` }
  }
  return { ...place, verdict: 'left', note: trap ?? `${version} is not a version that CI has` }
}

function unknownValues({ key, line }: Entry): Item {
  return { line, kind: 'matrix', text: shortText(key), verdict: 'unknown', note: 'its values are made while it runs' }
}

export function permissionItems(source: Source, { line, value }: Entry): Item[] {
  const all = textOf(value)
  if (all !== undefined) return all === 'write-all' ? [{ line, kind: 'permission', text: all, verdict: 'left' }] : []
  return entriesIn(source, value).flatMap(({ key, line: at, value: level }) =>
    textOf(level) === 'write'
      ? [{ line: at, kind: 'permission', text: shortText(`${key}: write`), verdict: 'left' as const }]
      : [],
  )
}

export function variableItems(source: Source, env: Node | undefined): Item[] {
  return entriesIn(source, env).map(({ key, line }) => ({ line, kind: 'variable', text: shortText(key), verdict: 'left' }))
}

/** Secrets by name, each once; the token that every job has is one of them only where somebody names it. */
export function secretItems(source: Source, job: Node | undefined): Item[] {
  const text = sliceOf(source, job)
  const start = job?.range?.[0] ?? 0
  const found = new Map<string, Item>()
  for (const match of text.matchAll(
    /\bsecrets(?:\.([A-Za-z_]\w*)|\[\s*'([^']*)'\s*\]|\s*:\s*(inherit)\b|\b(?=\s*\}\}|\s*\[|\s*\)))/gu,
  )) {
    const name = match[1] ?? match[2] ?? (match[3] === undefined ? 'one that is chosen while it runs' : 'all of them (inherit)')
    const { line } = source.lines.linePos(start + match.index)
    if (found.has(name)) continue
    const note = name === 'GITHUB_TOKEN' ? { note: 'the token of a generated job may only read' } : {}
    found.set(name, { line, kind: 'secret', text: shortText(name), verdict: 'left', ...note })
  }
  return [...found.values()]
}
