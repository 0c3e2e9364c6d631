import { describe, expect, it } from 'vitest'
import { judgeCoverage, lineCoverage } from './line-coverage.ts'

const LCOV = 'SF:a.rs\nDA:1,0\nLF:10\nLH:9\nend_of_record\nSF:LF:7.rs\nLF:30\nLH:25\nend_of_record\n'

describe('the coverage of lines', () => {
  it('is the sum over the files of a report', () => {
    expect(lineCoverage(LCOV)).toEqual({ ran: 34, lines: 40 })
    expect(lineCoverage('')).toEqual({ ran: 0, lines: 0 })
  })

  it('is enough at the minimum, and says how much it is', () => {
    expect(judgeCoverage(lineCoverage(LCOV), 85)).toEqual({ enough: true, said: 'coverage: 85.0 % of lines (34 of 40)' })
    expect(judgeCoverage({ ran: 0, lines: 3 }, 0).enough).toBe(true)
  })

  it('is not enough below it, however little is missing', () => {
    expect(judgeCoverage({ ran: 84_999, lines: 100_000 }, 85)).toEqual({
      enough: false,
      said: 'coverage: 84.9 % of lines (84999 of 100000), less than 85 %',
    })
  })

  it('is nothing in a report without lines, which is enough only where nothing is asked for', () => {
    const said = 'coverage: the report has no lines'
    expect(judgeCoverage(lineCoverage(''), 85)).toEqual({ enough: false, said })
    expect(judgeCoverage(lineCoverage(''), 0)).toEqual({ enough: true, said })
  })
})
