import type { LintDocument } from './document.ts'
import type { Finding, Place } from './finding.ts'

/** What GitHub's parser says about a place. */
export interface Diagnostic extends Place {
  readonly message: string
  readonly endLine: number
  readonly endColumn: number
}

/** What GitHub's parser says about a file. */
export interface ParserAnswer {
  readonly diagnostics: readonly Diagnostic[]
  /** Why it gave up: it may have had more to say. */
  readonly failure?: string
}

/** Something that the parser says and that is not so, or that a rule says better. */
export interface ParserException {
  readonly says: RegExp
  /** Only for a key of this context. */
  readonly context?: string
  readonly reason: string
}

/** The version of `@actions/languageservice` whose exceptions these are: another version needs another look. */
export const PARSER_VERSION = '0.3.61'

/** Each may go with the first version that no longer says it. A test fails for one that nothing needs. */
export const PARSER_EXCEPTIONS: readonly ParserException[] = [
  {
    says: /^Unexpected value 'cache-mode'$/u,
    reason: 'GitHub Actions reads cache-mode since 2026-09-10; the schema of the parser is older',
  },
  {
    says: /^Context access might be invalid: /u,
    context: 'env',
    reason: 'a step can set a variable of the environment by GITHUB_ENV, and a machine can have it',
  },
  {
    says: /^Unexpected type 'NumberToken' encountered while reading 'input default'\./u,
    reason: 'GitHub Actions takes a number as the default of a text',
  },
  {
    says: /^Conditional expression contains literal text outside replacement tokens\./u,
    reason: 'the rule unsound-condition says it, also where only a line break is outside',
  },
]

/** The findings that the answer of the parser makes. A parser that gave up is a finding: it never means that all is well. */
export function parserFindings({ file, text }: LintDocument, { diagnostics, failure }: ParserAnswer): readonly Finding[] {
  const lines = text.split('\n')
  const findings = diagnostics
    .filter((diagnostic) => exceptionFor(diagnostic, lines) === undefined && !isSaidBetter(diagnostic, diagnostics))
    .map(({ line, column, message }): Finding => ({
      file,
      line,
      column,
      rule: 'github-parser',
      severity: 'error',
      message: oneLine(message),
    }))
  if (failure === undefined) return findings
  const message = `GitHub's parser gave up on the file: ${oneLine(failure)}`
  return [...findings, { file, line: 1, column: 1, rule: 'github-parser', severity: 'error', message }]
}

/** Of an unknown job the parser says that it is not valid, and in the same place why. */
function isSaidBetter({ message, line, column }: Diagnostic, all: readonly Diagnostic[]): boolean {
  if (!/^Value '.*' is not valid$/u.test(message)) return false
  return all.some((other) => other.line === line && other.column === column && other.message !== message)
}

/** The exception that a diagnostic falls under. */
export function exceptionFor({ message, line, endLine }: Diagnostic, lines: readonly string[]): ParserException | undefined {
  // Of an expression over several lines the parser does not name the right one.
  const near = lines.slice(Math.max(0, line - 4), endLine + 3).join('\n')
  const key = /: (\S+)$/u.exec(message)?.[1]
  return PARSER_EXCEPTIONS.find(
    ({ says, context }) =>
      says.test(message) &&
      (context === undefined || [`${context}.${key}`, `${context}['${key}']`].some((text) => near.includes(text))),
  )
}

function oneLine(text: string): string {
  return text.replace(/\s+/gu, ' ').replace(/\.$/u, '').trim()
}
