import type { Rule } from '../rule.ts'
import { isAction } from '../uses.ts'

/** Repositories that their owners have made read-only, and what does the same. */
const ARCHIVED: Readonly<Record<string, string>> = {
  'actions-rs/audit-check': 'cargo audit',
  'actions-rs/cargo': 'cargo',
  'actions-rs/clippy-check': 'cargo clippy',
  'actions-rs/toolchain': 'rustup',
  'actions/create-release': 'gh release create',
  'actions/setup-elixir': 'erlef/setup-beam',
  'actions/setup-haskell': 'haskell-actions/setup',
  'actions/setup-ruby': 'ruby/setup-ruby',
  'actions/upload-release-asset': 'gh release upload',
  'andymckay/cancel-action': 'gh run cancel',
  'fkirc/skip-duplicate-actions': 'concurrency',
}

export const archivedUses: Rule = {
  id: 'archived-uses',
  title: 'No action comes from a repository that is archived',
  why: 'Nobody mends an archived action: a hole that is found in it stays, as do the old packages inside it.',
  corresponds: { zizmor: 'archived-uses' },
  severity: 'warning',
  remediation: { before: '- uses: actions-rs/cargo@…\n  with: { command: test }', after: '- run: cargo test' },
  check: ({ uses }) =>
    uses.flatMap(({ value, uses: used }) => {
      const name = Object.keys(ARCHIVED).find((repository) => isAction(used, repository))
      return name === undefined ? [] : [{ at: value.from, message: `${name} is archived: ${ARCHIVED[name] ?? ''} does the same` }]
    }),
}
