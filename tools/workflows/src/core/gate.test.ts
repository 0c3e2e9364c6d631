import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type GateInput, judgeRun } from './gate.ts'

const ok = { result: 'success' }
const COMMIT = 'a'.repeat(40)
const base: GateInput = {
  needs: { plan: ok, rust: ok, docs: { result: 'skipped' } },
  planJob: 'plan',
  expected: { commit: COMMIT, jobs: { rust: 'run', docs: 'empty' } },
  commit: COMMIT,
}

/** The red sentences, as `job sentence`. */
function reds(given: Partial<GateInput>): string[] {
  const verdict = judgeRun({ ...base, ...given })
  const red = verdict.jobs.filter(({ green }) => !green).map(({ job, sentence }) => `${job} ${sentence}`)
  expect(verdict.green).toBe(red.length === 0)
  return red
}

describe('the gate', () => {
  it('is green when all succeeded, or were skipped as planned', () => {
    expect(judgeRun(base)).toMatchInlineSnapshot(`
      {
        "green": true,
        "jobs": [
          {
            "green": true,
            "job": "plan",
            "sentence": "succeeded",
          },
          {
            "green": true,
            "job": "rust",
            "sentence": "succeeded",
          },
          {
            "green": true,
            "job": "docs",
            "sentence": "was skipped: the plan has no work for it",
          },
        ],
      }
    `)
  })

  it.each([
    ['failure', 'rust failed'],
    ['cancelled', 'rust was cancelled: what it had not done yet is not known'],
    ['skipped', 'rust was skipped, although the plan has work for it'],
    ['timed_out', 'rust ended with the unknown result "timed_out"'],
    ['', 'rust ended with the unknown result ""'],
  ])('promise-1: is red when a planned job ended with %j', (result, sentence) => {
    expect(reds({ needs: { ...base.needs, rust: { result } } })).toEqual([sentence])
  })

  it('promise-1: is red when a job that the plan expects is not needed, or skipped without being planned', () => {
    expect(reds({ needs: { plan: ok } })).toEqual([
      'rust is in the plan, but the gate does not need it: its result is not known',
      'docs is in the plan, but the gate does not need it: its result is not known',
    ])
    expect(reds({ needs: { ...base.needs, policy: { result: 'skipped' } } })).toEqual([
      'policy was skipped, and no plan says that it has no work',
    ])
  })

  it('promise-1: is red without a plan that was to be there', () => {
    expect(reds({ needs: { ...base.needs, plan: { result: 'skipped' } }, expected: undefined })).toEqual([
      'plan was skipped, so nothing was planned',
      'docs was skipped, and no plan says that it has no work',
    ])
    expect(reds({ needs: { ...base.needs, plan: ok }, expected: undefined })).toEqual([
      'plan succeeded, but gave no "expected": what had to run is not known',
      'docs was skipped, and no plan says that it has no work',
    ])
    expect(reds({ needs: { rust: ok, docs: ok } })).toEqual(['plan planned the run, but the gate does not need it'])
  })

  it('promise-1: is red for the plan of another commit, of none, and where no commit is known', () => {
    const other = 'b'.repeat(40)
    expect(reds({ commit: other })).toEqual([`plan cannot be used: the plan was made for commit ${COMMIT}, and this is ${other}`])
    expect(reds({ commit: undefined })).toHaveLength(1)
    expect(reds({ expected: { commit: 'none', jobs: base.expected?.jobs ?? {} } })).toHaveLength(1)
    expect(reds({ commit: other, planJob: undefined, expected: undefined, needs: { rust: ok } })).toEqual([])
  })

  it('promise-1: is red when it needs nothing', () => {
    expect(reds({ needs: {}, planJob: undefined, expected: undefined })).toEqual(['gate needs no job, so nothing was checked'])
  })

  it('without a plan wants every job to succeed', () => {
    const without = { planJob: undefined, expected: undefined }
    expect(reds({ ...without, needs: { build: ok, links: ok } })).toEqual([])
    expect(reds({ ...without, needs: { build: ok, links: { result: 'skipped' } } })).toHaveLength(1)
  })

  it('does not take a job for planned that has a name of every object', () => {
    expect(reds({ needs: { ...base.needs, constructor: { result: 'skipped' } } })).toHaveLength(1)
  })

  it('promise-1: is green only where every job succeeded or was planned to be empty', () => {
    const result = fc.constantFrom('success', 'failure', 'cancelled', 'skipped', 'neutral')
    const plan = fc.constantFrom('run' as const, 'empty' as const, undefined)
    fc.assert(
      fc.property(fc.array(fc.tuple(result, plan), { minLength: 1, maxLength: 6 }), (drawn) => {
        const needs = Object.fromEntries(drawn.map(([one], index) => [`job${index}`, { result: one }]))
        const jobs = Object.fromEntries(drawn.flatMap(([, one], index) => (one === undefined ? [] : [[`job${index}`, one]])))
        const honest = drawn.every(([one, planned]) => one === 'success' || (one === 'skipped' && planned === 'empty'))
        expect(judgeRun({ ...base, needs: { plan: ok, ...needs }, expected: { commit: COMMIT, jobs } }).green).toBe(honest)
      }),
    )
  })
})
