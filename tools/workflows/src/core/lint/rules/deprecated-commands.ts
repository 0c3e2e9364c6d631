import type { Rule } from '../rule.ts'
import { scriptLines } from '../script.ts'

const FILES: Readonly<Record<string, string>> = {
  'add-path': 'GITHUB_PATH',
  'save-state': 'GITHUB_STATE',
  'set-env': 'GITHUB_ENV',
  'set-output': 'GITHUB_OUTPUT',
}

export const deprecatedCommands: Rule = {
  id: 'deprecated-commands',
  title: 'Outputs and variables are set by files, not by printed commands',
  why: 'GitHub has switched `::set-env` and `::add-path` off, and warns of the others: the output is missing, and what reads it gets an empty text.',
  corresponds: { actionlint: 'deprecated-commands' },
  severity: 'error',
  remediation: { before: '- run: echo "::set-output name=sum::3"', after: '- run: echo "sum=3" >> "$GITHUB_OUTPUT"' },
  check: (document) =>
    document.steps.flatMap((step) =>
      scriptLines(document, step).flatMap(({ text, at }) => {
        const command = /::(set-output|set-env|save-state|add-path)(?:\s|::)/u.exec(text)?.[1]
        return command === undefined
          ? []
          : [{ at, message: `::${command} is switched off: write to the file of ${FILES[command] ?? ''}` }]
      }),
    ),
}
