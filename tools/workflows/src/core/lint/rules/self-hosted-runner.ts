import type { Rule } from '../rule.ts'
import { isSelfHosted } from '../runners.ts'
import { valueAt } from '../value.ts'

export const selfHostedRunner: Rule = {
  id: 'self-hosted-runner',
  title: 'A machine of your own is chosen by its group',
  why: 'A label alone takes any machine that claims it, of every group that the repository can reach. A group says which repositories and workflows may use it.',
  corresponds: { zizmor: 'self-hosted-runner' },
  severity: 'warning',
  remediation: { before: 'runs-on: [self-hosted, gpu]', after: 'runs-on: { group: gpu, labels: [self-hosted, gpu] }' },
  check: ({ jobs }) =>
    jobs.flatMap(({ value }) => {
      const machine = valueAt(value, 'runs-on')
      if (machine === undefined || !isSelfHosted(machine) || valueAt(machine, 'group') !== undefined) return []
      return [{ at: machine.from, message: 'Takes any machine of your own that has the labels: name its group' }]
    }),
}
