import type { Rule } from '../rule.ts'
import { isAction } from '../uses.ts'

/** What the machines of GitHub do without any action. */
const SUPERFLUOUS: Readonly<Record<string, string>> = {
  'actions-ecosystem/action-add-labels': 'gh pr edit --add-label',
  'actions-ecosystem/action-remove-labels': 'gh pr edit --remove-label',
  'addnab/docker-run-action': 'docker run',
  'dacbd/create-issue-action': 'gh issue create',
  'dtolnay/rust-toolchain': 'rustup',
  'elgohr/github-release-action': 'gh release create',
  'endbug/add-and-commit': 'git commit and git push',
  'ncipollo/release-action': 'gh release create',
  'peter-evans/create-or-update-comment': 'gh pr comment',
  'peter-evans/create-pull-request': 'gh pr create',
  're-actors/alls-green': 'interlock ci gate',
  'sergeysova/jq-action': 'jq',
  'softprops/action-gh-release': 'gh release create',
  'stefanzweifel/git-auto-commit-action': 'git commit and git push',
  'svenstaro/upload-release-action': 'gh release upload',
}

export const superfluousActions: Rule = {
  id: 'superfluous-actions',
  title: 'No action does what a program on the machine does already',
  why: 'Every action is code of somebody else with the rights of the job. One that a single command replaces is a risk for nothing.',
  corresponds: { zizmor: 'superfluous-actions' },
  severity: 'note',
  remediation: {
    before: '- uses: dtolnay/rust-toolchain@…\n  with: { toolchain: 1.93.1 }',
    after: '- run: rustup toolchain install 1.93.1',
  },
  check: ({ uses }) =>
    uses.flatMap(({ value, uses: used }) => {
      const name = Object.keys(SUPERFLUOUS).find((repository) => isAction(used, repository))
      return name === undefined
        ? []
        : [{ at: value.from, message: `${name} is not needed: ${SUPERFLUOUS[name] ?? ''} does the same` }]
    }),
}
