import type { Rule } from '../rule.ts'
import { isAction } from '../uses.ts'
import { valueAt } from '../value.ts'

const WHOLE =
  /^(?:\.|\.\/|\.\/?\*{1,2}(?:\/\*)?|\*{1,2}(?:\/\*)?|\$\{\{\s*github\.workspace\s*\}\}\/?|\$\{?GITHUB_WORKSPACE\}?\/?)$/u

export const leakyArtifact: Rule = {
  id: 'leaky-artifact',
  title: 'An artifact is what the job made, not all of its workspace',
  why: 'The workspace holds what the checkout and the tools have left in it: the token in `.git/config`, `.env` files, caches. Everybody who can read the repository can fetch an artifact.',
  corresponds: { zizmor: 'artipacked' },
  severity: 'error',
  remediation: {
    before: '- uses: actions/upload-artifact@…\n  with: { path: . }',
    after: '- uses: actions/upload-artifact@…\n  with: { path: dist }',
  },
  check: ({ steps }) =>
    steps.flatMap(({ uses, value }) => {
      const path = isAction(uses, 'actions/upload-artifact') ? valueAt(value, 'with', 'path') : undefined
      const whole = path?.text.split('\n').some((line) => WHOLE.test(line.trim())) === true
      return path === undefined || !whole
        ? []
        : [{ at: path.from, message: 'Uploads all of the workspace, with what the checkout left in it' }]
    }),
}
