import type { Rule } from '../rule.ts'

export const selfRepository: Rule = {
  id: 'self-repository',
  title: 'An action of this repository is named by $/',
  why: '`./` is looked up in the files of the machine at that moment: an earlier step can have put something else there, and in a called workflow it is a folder of the caller. `$/` is the action at the commit of the workflow itself.',
  corresponds: { zizmor: 'self-repository' },
  severity: 'warning',
  remediation: { before: '- uses: ./.github/actions/setup', after: '- uses: $/.github/actions/setup' },
  check: ({ uses }) =>
    uses.flatMap(({ value, uses: used }) =>
      used.kind === 'local' && !used.path.startsWith('$/')
        ? [{ at: value.from, message: `${used.path} is looked up on the machine: write $/ for the commit of the workflow` }]
        : [],
    ),
}
