import { describe, expect, it } from 'vitest'
import { expectKnownJobs, meansLeg, parseInjection } from './injection.ts'
import type { Leg } from './matrix.ts'
import { parseWorkflow } from './parse-workflow.ts'

const workflow = parseWorkflow({ file: 'ci.yml', text: 'on: push\njobs: { rust-tests: { runs-on: x, steps: [{ run: x }] } }\n' })

describe('an injected result', () => {
  it('is for a job or for machines of its matrix', () => {
    expect(parseInjection('failure', 'rust-tests')).toEqual({ result: 'failure', job: 'rust-tests', words: 'rust-tests' })
    expect(parseInjection('cancelled', ' rust-tests (1, a) ')).toMatchObject({ job: 'rust-tests', leg: '1, a' })
  })

  it.each(['', 'a b', 'a (', '$(id)', '../a', 'a()'])('of %j is refused', (words) => {
    expect(() => parseInjection('failure', words)).toThrow(/^USAGE: --fail .*: is not the id of a job/)
  })

  it('cannot skip one machine, because GitHub cannot', () => {
    expect(() => parseInjection('skipped', 'a (1)')).toThrow(/USAGE: --skip a \(1\): GitHub Actions skips a job as a whole/)
  })

  it('of an unknown job is an error with the nearest name', () => {
    expect(() => expectKnownJobs([parseInjection('failure', 'rust-test')], [workflow])).toThrow(
      'USAGE: --fail rust-test: there is no such job in ci.yml\n\nhint: did you mean rust-tests?',
    )
    expect(() => expectKnownJobs([parseInjection('failure', 'zzzzzzzzz')], [workflow])).toThrow('hint: the jobs are rust-tests')
    expect(() => expectKnownJobs([parseInjection('failure', 'rust-tests (1)')], [workflow])).not.toThrow()
  })

  it.each<[string, boolean]>([
    ['1', true],
    ['1, 2', true],
    ['1, 2, a', true],
    ['2', false],
    ['1, a', false],
    ['', false],
  ])('of machine (%s) means the one with the values 1, 2, a: %j', (leg, means) => {
    const one: Leg = { matrix: { shard: 1, shards: 2, projects: 'a' }, index: 0, total: 2 }
    expect(meansLeg({ result: 'failure', job: 'a', words: 'a', leg }, one)).toBe(means)
  })
})
