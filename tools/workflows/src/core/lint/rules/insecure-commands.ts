import { environmentsOf } from '../document.ts'
import type { Rule } from '../rule.ts'

export const insecureCommands: Rule = {
  id: 'insecure-commands',
  title: 'The old commands that set variables by printing stay switched off',
  why: 'With ACTIONS_ALLOW_UNSECURE_COMMANDS every text that a program prints can set variables of later steps: the output of a test is then enough to take over the job (CVE-2020-15228).',
  corresponds: { zizmor: 'insecure-commands', octoscan: 'unsecure-commands' },
  severity: 'error',
  remediation: { before: "env:\n  ACTIONS_ALLOW_UNSECURE_COMMANDS: 'true'", after: '- run: echo "NAME=value" >> "$GITHUB_ENV"' },
  check: (document) =>
    environmentsOf(document).flatMap(({ key, at, value }) =>
      key === 'ACTIONS_ALLOW_UNSECURE_COMMANDS' && !['', 'false', '0'].includes(value.text)
        ? [{ at, message: 'Lets every printed line set variables of later steps' }]
        : [],
    ),
}
