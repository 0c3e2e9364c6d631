import { describe, expect, it } from 'vitest'
import { lastJudged, type Run, summarize } from './runs.ts'

const START = 1_793_000_000_000

function run(seconds: number, more: Partial<Run> = {}): Run {
  return {
    workflow: 'ci.yml',
    event: 'push',
    branch: 'main',
    status: 'completed',
    conclusion: 'success',
    attempt: 1,
    startedAt: START,
    endedAt: START + 1000 * seconds,
    ...more,
  }
}

describe('the summary of runs', () => {
  it('counts what became of them, and times the green ones alone', () => {
    const runs = [
      run(60),
      run(180),
      run(120, { attempt: 2 }),
      run(9999, { conclusion: 'failure' }),
      run(9999, { conclusion: 'timed_out' }),
      run(9999, { conclusion: 'cancelled' }),
      run(0, { status: 'in_progress', conclusion: null }),
      run(5, { workflow: 'docs.yml' }),
    ]
    expect(summarize(runs)).toEqual([
      { workflow: 'ci.yml', runs: 7, green: 3, red: 2, other: 2, repeated: 1, median: 120, slow: 180 },
      { workflow: 'docs.yml', runs: 1, green: 1, red: 0, other: 0, repeated: 0, median: 5, slow: 5 },
    ])
  })

  it('gives the time that 95 of 100 green runs do not exceed', () => {
    const runs = Array.from({ length: 100 }, (_, index) => run(index + 1))
    expect(summarize(runs)[0]).toMatchObject({ median: 50, slow: 95 })
  })

  it('has no time where nothing was green, or no start is known', () => {
    expect(summarize([run(60, { conclusion: 'failure' })])[0]).toMatchObject({ median: undefined, slow: undefined })
    expect(summarize([run(60, { startedAt: undefined })])[0]).toMatchObject({ green: 1, median: undefined })
    expect(summarize([])).toEqual([])
  })
})

describe('the last judgement of a branch', () => {
  const branch = { workflow: 'ci.yml', branch: 'main' }

  it('is that of a push or of the night, whatever it came to', () => {
    expect(lastJudged([run(60), run(90, { event: 'schedule', conclusion: 'failure' })], branch)).toBe(START + 90_000)
  })

  it.each([
    [{ event: 'pull_request' }],
    [{ branch: 'other' }],
    [{ conclusion: 'cancelled' }],
    [{ status: 'in_progress', conclusion: null }],
    [{ workflow: 'docs.yml' }],
  ])('is none with %j', (more) => {
    expect(lastJudged([run(60, more)], branch)).toBeUndefined()
  })
})
