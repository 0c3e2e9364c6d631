import { expect, test } from 'vitest'
import { createOutage } from './outage.ts'

test('a fault lasts once the store has failed for half a second, and is over when it worked', () => {
  let now = 0
  const outage = createOutage(() => now)
  expect(outage.isLasting()).toBe(false)
  outage.failed()
  now = 499
  outage.failed()
  expect(outage.isLasting()).toBe(false)
  now = 500
  expect(outage.isLasting()).toBe(true)
  outage.worked()
  expect(outage.isLasting()).toBe(false)
  outage.failed()
  expect(outage.isLasting()).toBe(false)
})
