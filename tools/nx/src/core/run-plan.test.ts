import { describe, expect, it } from 'vitest'
import { everything } from './base.ts'
import { plannedBase, planHeader } from './run-plan.ts'

const A = 'a'.repeat(40)
const B = 'b'.repeat(40)
const base = { kind: 'commit', commit: A, head: undefined, reason: 'merge base with main' } as const

describe('the plan of a run', () => {
  it('gives every machine its base, and the reason', () => {
    const plan = { ...planHeader(base, B), 'rust-tests': 'run' }
    expect(plannedBase(JSON.stringify(plan), B)).toEqual({ ...base, reason: 'as the plan of this run: merge base with main' })
    const whole = planHeader(everything('event', 'a tag compares with nothing'), B)
    expect(plannedBase(JSON.stringify(whole), B)).toEqual({
      kind: 'everything',
      cause: 'planned',
      reason: 'as the plan of this run: a tag compares with nothing',
    })
    expect(plannedBase(undefined, B)).toBeUndefined()
  })

  it('is of the head that was compared, where one was asked for', () => {
    expect(planHeader({ ...base, head: A }, B)).toMatchObject({ '@commit': A })
  })

  it('promise-1: is refused at another commit, and where no commit is known', () => {
    const plan = JSON.stringify(planHeader(base, B))
    const refused = { code: 'PLAN_OF_OTHER_COMMIT', exitStatus: 2, reason: expect.stringContaining(`made for commit ${B}`) }
    for (const commit of [A, undefined]) expect(() => plannedBase(plan, commit)).toThrow(expect.objectContaining(refused))
    expect(plannedBase(JSON.stringify(planHeader(everything('asked', 'x'), undefined)), undefined)?.kind).toBe('everything')
  })

  it.each([
    ['', 'is empty'],
    ['{', 'is not JSON'],
    ['[]', 'are not valid'],
    ['{}', '@commit: is neither a full commit id nor "none"'],
    [JSON.stringify({ '@commit': B, '@base': '', '@reason': '' }), '@base: is neither a full commit id nor "everything"'],
    [JSON.stringify({ '@commit': B, '@base': '--x', '@reason': '' }), '@base: '],
    [JSON.stringify({ '@commit': B, '@base': '0'.repeat(40), '@reason': '' }), '@base: '],
  ])('promise-1: %j is an error, never another base', (text, says) => {
    expect(() => plannedBase(text, B)).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringContaining(says) }),
    )
  })
})
