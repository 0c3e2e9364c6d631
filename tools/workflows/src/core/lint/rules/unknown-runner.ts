import type { Rule } from '../rule.ts'
import { IMAGES, labelsOf } from '../runners.ts'
import { valueAt } from '../value.ts'

export const unknownRunner: Rule = {
  id: 'unknown-runner',
  title: 'The image of a machine exists',
  why: 'A job that asks for an image that GitHub has retired, or never had, waits for a day and is then cancelled.',
  corresponds: { actionlint: 'runner-label' },
  severity: 'error',
  remediation: { before: 'runs-on: ubuntu-20.04', after: 'runs-on: ubuntu-24.04' },
  check: ({ jobs }) =>
    jobs.flatMap(({ value }) => {
      const machine = valueAt(value, 'runs-on')
      // A group has labels of its own choice.
      if (machine === undefined || machine.kind === 'map') return []
      return labelsOf(machine)
        .filter(
          ({ text }) =>
            /^(?:ubuntu|windows|macos)-(?:\d+(?:\.\d+)?(?:-(?:arm|intel|large|xlarge))?|slim)$/u.test(text) && !IMAGES.has(text),
        )
        .map(({ text, from }) => ({ at: from, message: `GitHub has no image ${text}` }))
    }),
}
