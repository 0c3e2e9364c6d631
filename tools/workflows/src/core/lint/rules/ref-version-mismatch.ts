import { PINS } from '../../pipeline/pins.ts'
import { commentAt } from '../document.ts'
import type { Rule } from '../rule.ts'
import { isAction, SHA } from '../uses.ts'

export const refVersionMismatch: Rule = {
  id: 'ref-version-mismatch',
  title: 'A commit of an action that is in the catalogue of pins has the version that the catalogue says',
  why: 'A wrong version beside a commit hides what runs: a reviewer reads the comment and not the digits.',
  corresponds: { zizmor: 'ref-version-mismatch' },
  severity: 'error',
  remediation: {
    before: '- uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v4.2.2',
    after: '- uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1',
  },
  check: (document) =>
    document.uses.flatMap(({ value, uses }) => {
      const version = /v?\d+\.\d+\.\d+\S*/u.exec(commentAt(document, value.from)?.text ?? '')?.[0]
      const pin = Object.values(PINS).find(({ repository }) => isAction(uses, repository.toLowerCase()))
      if (uses.kind !== 'repository' || pin === undefined || version === undefined || !SHA.test(uses.ref)) return []
      const [sameCommit, sameVersion] = [uses.ref.toLowerCase() === pin.sha, version.replace(/^v?/u, 'v') === pin.version]
      if (sameCommit === sameVersion) return []
      const said = sameCommit ? `is ${pin.version}, and the comment says ${version}` : `is not ${version}: that is ${pin.sha}`
      return [{ at: value.from, message: `The commit of ${uses.repository} ${said}` }]
    }),
}
