import { describe, expect, it } from 'vitest'
import { readTotals, renderTotals, statusOf, sumTotals } from './totals.mjs'

describe('the last line', () => {
  it('is read from the end of what interlock affected prints', () => {
    expect(readTotals('he:test passed\n12 passed, 0 failed, 3 skipped\n')).toEqual({ failed: 0, passed: 12, skipped: 3 })
  })

  it('is unknown when the run died before it', () => {
    expect(readTotals('12 passed, 0 failed, 3 skipped\nKilled\n')).toBeUndefined()
  })

  it('counts a failed check as a failure and a lane without interpreter as a skip', () => {
    const totals = sumTotals({ failedChecks: ['knip'], notRun: ['3.9', '3.12'], tests: { failed: 0, passed: 5, skipped: 1 } })
    expect(renderTotals(totals)).toBe('5 passed, 1 failed, 3 skipped')
    expect(statusOf(totals)).toBe(1)
  })

  it('is a failure when the run has no sum', () => {
    expect(statusOf(sumTotals({ failedChecks: [], notRun: [], tests: undefined }))).toBe(1)
  })

  it('promise-1 is a failure when nothing ran at all', () => {
    expect(statusOf({ failed: 0, passed: 0, skipped: 7 })).toBe(1)
    expect(statusOf({ failed: 0, passed: 1, skipped: 7 })).toBe(0)
  })
})
