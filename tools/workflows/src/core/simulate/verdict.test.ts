import { expect, it } from 'vitest'
import type { Result } from './model.ts'
import { verdictOf } from './verdict.ts'

it.each<[Readonly<Record<string, Result>>, boolean, string]>([
  [{ a: 'success', b: 'skipped', gate: 'success' }, true, 'the required check "gate" succeeded'],
  [{ a: 'failure', gate: 'failure' }, false, 'the required check "gate" ended with failure'],
  [{ a: 'success', gate: 'cancelled' }, false, 'ended with cancelled'],
  [{ a: 'success', gate: 'skipped' }, false, 'was skipped, which GitHub takes for passed'],
  [{ a: 'failure', gate: 'success' }, false, 'succeeded although a (failure): it does not judge them'],
  [{ a: 'cancelled', gate: 'success' }, false, 'although a (cancelled)'],
  [{ a: 'success', b: 'skipped' }, true, 'there is no job gate, so every job counts'],
  [{ a: 'success', b: 'failure' }, false, 'the run is red: b (failure)'],
  [{ a: 'skipped' }, false, 'every job was skipped'],
])('promise-1: %j is green: %j', (results, green, reason) => {
  const verdict = verdictOf(Object.entries(results).map(([id, result]) => ({ id, result })))
  expect(verdict).toEqual({ green, reason: expect.stringContaining(reason) })
})
