import { type DocumentKind, documentOf, type LintDocument } from './document.ts'
import { compareFindings, type Finding } from './finding.ts'
import type { Rule } from './rule.ts'
import { LONGEST_LINE } from './script.ts'
import { applySuppressions } from './suppressions.ts'
import { valueAt } from './value.ts'
import { readYaml } from './yaml.ts'

/** A file as it was found. */
export interface LintSource {
  readonly file: string
  readonly kind: DocumentKind
  readonly text: string
}

/** What the rules say about one file. */
export interface Examination {
  /** None where the file is no YAML: nobody else needs to look at it then. */
  readonly document: LintDocument | undefined
  readonly findings: readonly Finding[]
}

/** Reads a file and asks every rule. */
export function examine({ file, kind, text }: LintSource, rules: readonly Rule[]): Examination {
  const yaml = readYaml(text)
  if (yaml.kind === 'problems') {
    const findings = yaml.problems.map(({ line, column, message }): Finding => ({
      file,
      line,
      column,
      rule: 'invalid-yaml',
      severity: 'error',
      message,
    }))
    return { document: undefined, findings }
  }
  const { value, placeOf } = yaml
  if (value.kind !== 'map') {
    const message = `Holds ${value.kind === 'list' ? 'a list' : 'one value'} where keys are expected`
    return { document: undefined, findings: [{ file, ...placeOf(value.from), rule: 'invalid-yaml', severity: 'error', message }] }
  }
  const document = documentOf({ file, kind, text, root: value, placeOf })
  const findings = rules.flatMap((rule) =>
    rule.check(document).map(({ at, message, severity }): Finding => ({
      file,
      ...placeOf(at),
      rule: rule.id,
      severity: severity ?? rule.severity,
      message,
    })),
  )
  return { document, findings: [...findings, ...unreadScripts(document)] }
}

/** Scripts that the rules could not look at as a whole. */
function unreadScripts(document: LintDocument): readonly Finding[] {
  return document.steps.flatMap(({ value }) => {
    const run = valueAt(value, 'run')
    const longest = run?.text.split('\n').find((line) => line.length > LONGEST_LINE)
    if (run === undefined || longest === undefined) return []
    const message = `Has a line of ${longest.length} characters in a script, and no more than ${LONGEST_LINE} are read`
    return [{ file: document.file, ...document.placeOf(run.from), rule: 'unreadable-file', severity: 'error', message }]
  })
}

/** The findings of a file, with what others say about it, after what its comments suppress; sorted. */
export function judge(examination: Examination, others: readonly Finding[], rules: readonly Rule[]): readonly Finding[] {
  const all = [...examination.findings, ...others]
  const { document } = examination
  const left = document === undefined ? all : applySuppressions(document, all, new Set(rules.map(({ id }) => id)))
  return [...left].sort(compareFindings)
}
