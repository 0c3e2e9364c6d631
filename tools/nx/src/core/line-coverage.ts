/** Lines of code, and how many of them some test ran. */
export interface LineCoverage {
  readonly ran: number
  readonly lines: number
}

/** Adds up what an LCOV report counts for each file: `LF` lines, of which `LH` ran. */
export function lineCoverage(lcov: string): LineCoverage {
  const sum = (key: string): number =>
    [...lcov.matchAll(new RegExp(`^${key}:(\\d+)$`, 'gm'))].reduce((total, match) => total + Number(match[1]), 0)
  return { ran: sum('LH'), lines: sum('LF') }
}

export interface CoverageVerdict {
  readonly enough: boolean
  /** What a person reads of it. */
  readonly said: string
}

/** Whether at least `minimum` percent of the lines ran. A report without lines has measured nothing. */
export function judgeCoverage({ ran, lines }: LineCoverage, minimum: number): CoverageVerdict {
  if (lines === 0) return { enough: minimum === 0, said: 'coverage: the report has no lines' }
  const enough = ran * 100 >= minimum * lines
  // Rounded down: what is too little must not look like enough.
  const percent = (Math.floor((ran * 1000) / lines) / 10).toFixed(1)
  const measured = `coverage: ${percent} % of lines (${ran} of ${lines})`
  return { enough, said: enough ? measured : `${measured}, less than ${minimum} %` }
}
