import { type DocumentKind, documentOf, type LintDocument } from './document.ts'
import { compareFindings, type Finding } from './finding.ts'
import type { Rule } from './rule.ts'
import { applySuppressions } from './suppressions.ts'
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
  return { document, findings }
}

/** The findings of a file, with what others say about it, after what its comments suppress; sorted. */
export function judge(examination: Examination, others: readonly Finding[], rules: readonly Rule[]): readonly Finding[] {
  const all = [...examination.findings, ...others]
  const { document } = examination
  const left = document === undefined ? all : applySuppressions(document, all, new Set(rules.map(({ id }) => id)))
  return [...left].sort(compareFindings)
}
