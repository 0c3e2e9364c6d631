import type { LintDocument, Step } from '../document.ts'
import type { Rule } from '../rule.ts'
import { isPrivileged } from '../trust.ts'
import { isAction } from '../uses.ts'
import { entryAt, textAt, valueAt } from '../value.ts'

const CACHES = ['actions/cache', 'swatinem/rust-cache', 'mozilla-actions/sccache-action']
/** Inputs that switch a cache on, and what leaves it off. */
const SWITCHES: Readonly<Record<string, { readonly input: string; readonly off: RegExp; readonly byDefault: boolean }>> = {
  'actions-rust-lang/setup-rust-toolchain': { input: 'cache', off: /^false$/u, byDefault: true },
  'actions/setup-go': { input: 'cache', off: /^false$/u, byDefault: true },
  'actions/setup-java': { input: 'cache', off: /^$/u, byDefault: false },
  'actions/setup-node': { input: 'cache', off: /^$/u, byDefault: false },
  'actions/setup-python': { input: 'cache', off: /^$/u, byDefault: false },
  'astral-sh/setup-uv': { input: 'enable-cache', off: /^false$/u, byDefault: true },
  'ruby/setup-ruby': { input: 'bundler-cache', off: /^(?:false)?$/u, byDefault: false },
}

export const cachePoisoning: Rule = {
  id: 'cache-poisoning',
  title: 'A job that publishes, or runs with the rights of the repository, reads no cache',
  why: 'A cache is written by other runs, also by those of code that nobody has reviewed. What a release takes from it goes to every user.',
  corresponds: { zizmor: 'cache-poisoning' },
  severity: 'error',
  remediation: {
    before: "on: { push: { tags: ['v*'] } }\n…\n- uses: actions/cache@…",
    after: "on: { push: { tags: ['v*'] } }\n…\n- run: cargo build --release",
  },
  check: (document) => {
    if (!releases(document) && !isPrivileged(document)) return []
    const reason = releases(document) ? 'what users get is made here' : 'the rights of the repository are here'
    return document.steps
      .filter(readsCache)
      .map(({ value }) => ({ at: value.from, message: `Reads a cache that other runs have written, and ${reason}` }))
  },
}

/** Whether a run of it is a release: it starts at a tag or at a release. */
function releases({ triggers }: LintDocument): boolean {
  return triggers.some(({ key, value }) => key === 'release' || (key === 'push' && entryAt(value, 'tags') !== undefined))
}

function readsCache({ uses, value }: Step): boolean {
  if (isAction(uses, ...CACHES))
    return !(uses?.kind === 'repository' && uses.path === 'save') && textAt(value, 'with', 'lookup-only') !== 'true'
  const name = Object.keys(SWITCHES).find((repository) => isAction(uses, repository))
  const found = name === undefined ? undefined : SWITCHES[name]
  if (found === undefined) return false
  const given = valueAt(value, 'with', found.input)
  return given === undefined ? found.byDefault : !found.off.test(given.text)
}
