import { expect, it } from 'vitest'
import { alignedRows } from './table.ts'

it('makes each column as wide as its widest cell, and ends no line with blanks', () => {
  expect(alignedRows([['job', 'machines'], 'rule', ['rust-tests', '2'], ['docs']])).toEqual([
    'job         machines',
    '----------  --------',
    'rust-tests  2',
    'docs',
  ])
})

it('makes nothing of nothing', () => {
  expect(alignedRows([])).toEqual([])
})
