import type { Rule } from '../rule.ts'
import { scriptLines } from '../script.ts'
import { isPrivileged } from '../trust.ts'

export const githubEnv: Rule = {
  id: 'github-env',
  title: 'A workflow with the rights of the repository sets no variables for later steps',
  why: 'What is written to GITHUB_ENV or GITHUB_PATH holds for every later step: one line break in a value of a stranger sets LD_PRELOAD, or puts a program in front of all others.',
  corresponds: { zizmor: 'github-env', octoscan: 'dangerous-write' },
  severity: 'error',
  remediation: {
    before: 'on: pull_request_target\n…\n- run: echo "NAME=$TITLE" >> "$GITHUB_ENV"',
    after: 'on: pull_request_target\n…\n- run: echo "name=$TITLE" >> "$GITHUB_OUTPUT"',
  },
  check: (document) => {
    if (!isPrivileged(document)) return []
    return document.steps.flatMap((step) =>
      scriptLines(document, step).flatMap(({ text, at }) => {
        const file = /(?:>>?|\btee\b|Out-File|Add-Content)[^|;]*\b(GITHUB_ENV|GITHUB_PATH)\b/u.exec(text)?.[1]
        return file === undefined || isConstant(text)
          ? []
          : [{ at, message: `Writes to ${file} where a stranger may choose what is written` }]
      }),
    )
  },
}

/** A text of the workflow's own: nothing of anybody else is in it. */
function isConstant(line: string): boolean {
  return /^\s*(?:echo|printf)\b/u.test(line) && !/[$`]/u.test(line.replace(/\$\{?GITHUB_(?:ENV|PATH)\}?/gu, ''))
}
