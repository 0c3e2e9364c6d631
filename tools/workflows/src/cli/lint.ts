import { resolve } from 'node:path'
import type { Invocation, Outcome } from '@interlock/cli'
import { annotation, EXIT, InterlockError } from '@interlock/kit'
import { writeWhole } from '@interlock/nx'
import { examine, judge } from '../core/lint/examine.ts'
import { compareFindings, type Finding } from '../core/lint/finding.ts'
import { PARSER_VERSION, parserFindings } from '../core/lint/github-parser.ts'
import { RULES } from '../core/lint/rules/index.ts'
import { sarifOf } from '../core/lint/sarif.ts'
import { askParser } from '../io/github-parser.ts'
import { type FoundFile, namedFiles, repositoryFiles } from '../io/lint-files.ts'

/** `interlock ci lint`: what is wrong with workflows, actions and the Dependabot file. */
export async function runLint({ root, arguments: files, options, env, json }: Invocation): Promise<Outcome> {
  const sarif = sarifTarget(options['sarif'], json)
  const found = files.length > 0 ? namedFiles(root, files) : repositoryFiles(root)
  const findings = await findingsIn(found)
  const document = JSON.stringify(sarifOf(findings, RULES), undefined, 2)
  if (sarif !== undefined && sarif !== '-') writeSarif(root, sarif, `${document}\n`)
  const unread = findings.some(({ rule }) => rule === 'unreadable-file')
  return {
    status: unread ? EXIT.usage : findings.length > 0 ? EXIT.checkFailed : EXIT.done,
    prose: sarif === '-' ? document : proseOf(findings, found.length, env),
    data: { files: found.map(({ file }) => file), rules: RULES.length, parser: PARSER_VERSION, findings },
  }
}

async function findingsIn(found: readonly FoundFile[]): Promise<readonly Finding[]> {
  const unread = found.flatMap((file): Finding[] =>
    'unreadable' in file
      ? [{ file: file.file, line: 1, column: 1, rule: 'unreadable-file', severity: 'error', message: file.unreadable }]
      : [],
  )
  const examined = found.flatMap((file) => ('unreadable' in file ? [] : [examine(file, RULES)]))
  const documents = examined.flatMap(({ document }) =>
    document === undefined || document.kind === 'dependabot' ? [] : [document],
  )
  const answers = await askParser(documents)
  const others = new Map(
    documents.map((document, index) => [
      document,
      parserFindings(document, answers[index] ?? { diagnostics: [], failure: 'no answer' }),
    ]),
  )
  const judged = examined.flatMap((examination) => {
    const { document } = examination
    return judge(examination, (document === undefined ? undefined : others.get(document)) ?? [], RULES)
  })
  return [...unread, ...judged].sort(compareFindings)
}

function sarifTarget(given: unknown, json: boolean): string | undefined {
  if (typeof given !== 'string') return undefined
  if (given === '-' && json) {
    throw new InterlockError('USAGE', '--json and --sarif - both ask for the whole of stdout', {
      hint: 'name a file: --sarif lint.sarif',
    })
  }
  return given
}

function writeSarif(root: string, file: string, text: string): void {
  try {
    writeWhole(resolve(root, file), text)
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? 'unknown reason'
    throw new InterlockError('FOLDER_NOT_WRITABLE', `the SARIF file cannot be written (${reason})`, { file, cause })
  }
}

function proseOf(findings: readonly Finding[], files: number, env: Invocation['env']): string {
  const asked = `${count(RULES.length, 'rule')} and GitHub's parser ${PARSER_VERSION}`
  if (findings.length === 0) return `no findings in ${count(files, 'file')}: ${asked}`
  const lines = findings.map(({ file, line, column, severity, rule, message }) =>
    oneLine(`${file}:${line}:${column}: ${severity}: ${message} [${rule}]`),
  )
  const annotations = findings.flatMap(({ rule, message, ...place }) => annotation(env, 'error', { title: rule, message, place }))
  const bad = new Set(findings.map(({ file }) => file)).size
  return [
    ...lines,
    ...annotations,
    '',
    `${count(findings.length, 'finding')} in ${bad} of ${count(files, 'file')}: ${asked}`,
  ].join('\n')
}

/** Names and values of a hostile file end no line of ours, and begin none: GitHub Actions obeys lines that begin with "::". */
function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}
