import type { Rule } from '../rule.ts'
import { scalarsBelow, valueAt } from '../value.ts'

export const floatVersion: Rule = {
  id: 'float-version',
  title: 'A version is a text',
  why: 'YAML reads 3.10 as the number 3.1. `python-version: [3.9, 3.10]` tests Python 3.1, or fails on it, and never 3.10.',
  corresponds: 'none',
  severity: 'error',
  remediation: { before: 'python-version: [3.9, 3.10]', after: "python-version: ['3.9', '3.10']" },
  check: ({ jobs, steps }) => {
    const matrices = jobs.flatMap(({ value }) => valueAt(value, 'strategy', 'matrix') ?? [])
    const inputs = [...steps, ...jobs].flatMap(({ value }) => valueAt(value, 'with') ?? [])
    return [...matrices, ...inputs].flatMap((place) =>
      [...scalarsBelow(place)].flatMap(({ path, value }) => {
        if (value.kind !== 'number' || !/^\d+\.\d+$/u.test(value.text)) return []
        const read = String(Number(value.text))
        const lossy = read !== value.text
        if (!lossy && !path.some((key) => /version|python|node|ruby|go|java|php|dotnet|rust|toolchain/iu.test(key))) return []
        return [
          {
            at: value.from,
            message: lossy
              ? `${value.text} is read as the number ${read}: put it into quotes`
              : `${value.text} is a number: put versions into quotes, or the next one loses its 0`,
          },
        ]
      }),
    )
  },
}
