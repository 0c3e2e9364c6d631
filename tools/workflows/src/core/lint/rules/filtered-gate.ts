import { gatesOf } from '../gate.ts'
import type { Rule } from '../rule.ts'
import { entryAt } from '../value.ts'

export const filteredGate: Rule = {
  id: 'filtered-gate',
  title: 'A workflow with a gate starts for every pull request',
  why: 'A workflow that a filter of paths keeps from starting reports nothing, and a required check then waits for ever; where it is not required, what the filter forgets is never tested. Let the plan decide, inside the run.',
  corresponds: 'none',
  severity: 'error',
  remediation: { before: "on:\n  pull_request:\n    paths: ['src/**']", after: 'on:\n  pull_request:' },
  check: (document) => {
    const [gate] = gatesOf(document)
    if (gate === undefined) return []
    return document.triggers
      .filter(({ key }) => key === 'pull_request' || key === 'merge_group')
      .flatMap(({ value }) => [entryAt(value, 'paths'), entryAt(value, 'paths-ignore')])
      .flatMap((filter) =>
        filter === undefined
          ? []
          : [{ at: filter.at, message: `The gate ${gate.id} reports nothing for a change that this filter leaves out` }],
      )
  },
}
