import type { Rule } from '../rule.ts'
import { labelsOf } from '../runners.ts'
import { scalarsBelow, valueAt } from '../value.ts'

export const movingRunner: Rule = {
  id: 'moving-runner',
  title: 'Every machine has an image with a version',
  why: '`ubuntu-latest` is another system from one day to the next, without a commit that anybody could look at or take back.',
  corresponds: 'none',
  severity: 'warning',
  remediation: { before: 'runs-on: ubuntu-latest', after: 'runs-on: ubuntu-24.04' },
  check: ({ jobs }) =>
    jobs.flatMap(({ value }) => {
      const machine = valueAt(value, 'runs-on')
      const matrix = valueAt(value, 'strategy', 'matrix')
      const named = [
        ...(machine === undefined ? [] : labelsOf(machine)),
        ...(matrix === undefined ? [] : [...scalarsBelow(matrix)].map((scalar) => scalar.value)),
      ]
      return named
        .filter(({ text }) => /^(?:ubuntu|windows|macos)-latest(?:-\w+)*$/u.test(text))
        .map(({ text, from }) => ({ at: from, message: `${text} is another image from one day to the next` }))
    }),
}
