import { expect, test, vi } from 'vitest'
import { measureHanging } from './hanging.ts'
import { measureOverhead } from './overhead.ts'
import { measureRuns } from './runs.ts'

// The real Nx, on a machine that may have other things to do.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 })

test('the bench of the shield measures what it says, in small', async () => {
  const overhead = await measureOverhead({ rounds: 1, perRound: 3 })
  expect(overhead.direct).toBeGreaterThan(0)
  expect(overhead.shielded).toBeGreaterThan(0)
  const { local, shielded } = await measureRuns({ tasks: 3, rounds: 1 })
  expect(local.best).toBeGreaterThan(0)
  expect(shielded.best).toBeGreaterThan(0)
  expect(await measureHanging({ tasks: 4 })).toMatchObject({ askedSecond: 0 })
})
