import type { Rule } from '../rule.ts'

export const obfuscation: Rule = {
  id: 'obfuscation',
  title: 'A uses names its action in the shortest way',
  why: 'Empty parts and steps back (`//`, `/./`, `/../`) name the same action in another way, and escape a search or a policy that looks for its name.',
  corresponds: { zizmor: 'obfuscation' },
  severity: 'warning',
  remediation: { before: '- uses: $/.github/workflows/../actions/setup', after: '- uses: $/.github/actions/setup' },
  check: ({ uses }) =>
    uses.flatMap(({ value, uses: used }) => {
      const path =
        used.kind === 'local'
          ? used.path.replace(/^(?:\.|\$)\//u, '')
          : used.kind === 'repository'
            ? `${used.repository}/${used.path || 'x'}`
            : ''
      if (path === '' || !path.split('/').some((part) => ['', '.', '..'].includes(part))) return []
      return [{ at: value.from, message: `${value.text} has a part that is empty, "." or ".."` }]
    }),
}
