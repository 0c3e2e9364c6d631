/** How bad a finding is. Every one of them fails the check; the word tells what to look at first. */
export type Severity = 'error' | 'warning' | 'note'

/** A place in a file. Lines and columns count from 1, columns in UTF-16 code units. */
export interface Place {
  readonly line: number
  readonly column: number
}

/** One thing that is wrong in one place. */
export interface Finding extends Place {
  readonly file: string
  /** Id of the rule, or of what else finds: `github-parser`, `invalid-yaml`, `unreadable-file`, `suppression`. */
  readonly rule: string
  readonly severity: Severity
  /** One sentence without a full stop: what is there, and what follows from it. */
  readonly message: string
}

export type OtherFinder = 'github-parser' | 'invalid-yaml' | 'suppression' | 'unreadable-file'

/** What finds besides the rules, and what each says. */
export const OTHER_FINDERS: Readonly<Record<OtherFinder, string>> = {
  'github-parser': "GitHub's own parser refuses it or doubts it",
  'invalid-yaml': 'the file is not YAML, or not YAML that GitHub Actions reads',
  suppression: 'a comment that suppresses needs a known rule, a reason and something to suppress',
  'unreadable-file': 'the file cannot be read, so nothing is known about it',
}

/** The order in which findings are shown: by file, place and rule. */
export function compareFindings(left: Finding, right: Finding): number {
  return (
    compareText(left.file, right.file) ||
    left.line - right.line ||
    left.column - right.column ||
    compareText(left.rule, right.rule) ||
    compareText(left.message, right.message)
  )
}

function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0
}
