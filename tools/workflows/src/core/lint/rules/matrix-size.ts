import { expressionsBelow } from '../document.ts'
import type { Rule } from '../rule.ts'
import { type Value, valueAt } from '../value.ts'

const MOST_JOBS = 256

export const matrixSize: Rule = {
  id: 'matrix-size',
  title: 'A matrix makes at least one job, and no more than 256',
  why: 'GitHub refuses a larger matrix, and an empty one fails the job, or leaves it out.',
  corresponds: { actionlint: 'matrix' },
  severity: 'error',
  remediation: { before: 'matrix:\n  version: []', after: "matrix:\n  version: ['3.12']" },
  check: (document) =>
    document.jobs.flatMap(({ value }) => {
      const matrix = valueAt(value, 'strategy', 'matrix')
      if (matrix === undefined || matrix.kind !== 'map') return []
      const rows = matrix.entries.filter(({ key }) => !['include', 'exclude'].includes(key))
      const empty = rows.filter(({ value: row }) => row.kind === 'list' && row.items.length === 0)
      if (empty.length > 0)
        return empty.map(({ key, at }) => ({ at, message: `The row ${key} of the matrix is empty: no job runs` }))
      if (expressionsBelow(document, matrix).length > 0) return []
      const jobs = sizeOf(
        matrix,
        rows.map(({ value: row }) => row.items.length),
      )
      return jobs > MOST_JOBS
        ? [{ at: matrix.from, message: `The matrix makes ${jobs} jobs, and GitHub takes ${MOST_JOBS}` }]
        : []
    }),
}

function sizeOf(matrix: Value, rows: readonly number[]): number {
  const product = rows.length === 0 ? 0 : rows.reduce((jobs, row) => jobs * row, 1)
  const excluded = valueAt(matrix, 'exclude')?.items.length ?? 0
  const included = valueAt(matrix, 'include')?.items.length ?? 0
  return rows.length === 0 ? included : Math.max(0, product - excluded)
}
