import type { Rule } from '../rule.ts'
import { valueAt } from '../value.ts'

export const duplicateMatrixValue: Rule = {
  id: 'duplicate-matrix-value',
  title: 'No value stands in a row of a matrix twice',
  why: 'The same job then runs twice, and where two numbers are the same by mistake (`3.1` and `3.10`) one version is never tested.',
  corresponds: { actionlint: 'matrix' },
  severity: 'warning',
  remediation: { before: 'os: [ubuntu-24.04, macos-15, ubuntu-24.04]', after: 'os: [ubuntu-24.04, macos-15]' },
  check: ({ jobs }) =>
    jobs.flatMap(({ value }) =>
      (valueAt(value, 'strategy', 'matrix')?.entries ?? []).flatMap(({ key, value: row }) => {
        if (['include', 'exclude'].includes(key)) return []
        const seen = new Set<string>()
        return row.items.flatMap((item) => {
          if (item.kind === 'map' || item.kind === 'list') return []
          const name = item.kind === 'number' ? String(Number(item.text)) : item.text
          const again = seen.has(name)
          seen.add(name)
          return again ? [{ at: item.from, message: `${item.text} stands in ${key} twice` }] : []
        })
      }),
    ),
}
