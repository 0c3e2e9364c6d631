import { expect, it } from 'vitest'
import type { Result } from './model.ts'
import { verdictOf } from './verdict.ts'

it.each<[Readonly<Record<string, Result>>, string, string]>([
  [{ a: 'success', b: 'skipped', gate: 'success' }, 'green', 'the required check "gate" succeeded'],
  [{ a: 'failure', gate: 'failure' }, 'red', 'the required check "gate" ended with failure'],
  [{ a: 'success', gate: 'cancelled' }, 'red', 'ended with cancelled'],
  [{ a: 'success', gate: 'skipped' }, 'red', 'was skipped, which GitHub takes for passed'],
  [{ a: 'failure', gate: 'success' }, 'red', 'succeeded although a (failure): it does not judge them'],
  [{ a: 'cancelled', gate: 'success' }, 'red', 'although a (cancelled)'],
  [{ a: 'success', b: 'skipped' }, 'green', 'there is no job gate, so every job counts'],
  [{ a: 'success', b: 'failure' }, 'red', 'the run is red: b (failure)'],
  [{ a: 'skipped' }, 'empty', 'every job was skipped'],
  [{ a: 'skipped', gate: 'skipped' }, 'empty', 'every job was skipped'],
])('promise-1: %j is %s', (results, kind, reason) => {
  const verdict = verdictOf(Object.entries(results).map(([id, result]) => ({ id, result, legs: [{ outcome: result }] })))
  expect(verdict).toEqual({ kind, reason: expect.stringContaining(reason) })
})

it('promise-1: a gate that fails is red although its continue-on-error makes it a success for other jobs', () => {
  const gate = { id: 'gate', result: 'success', legs: [{ outcome: 'failure' }] } as const
  expect(verdictOf([gate])).toMatchObject({
    kind: 'red',
    reason: expect.stringContaining('the required check "gate" ended with failure: continue-on-error'),
  })
})
