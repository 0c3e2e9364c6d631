import { tmpdir } from 'node:os'
import { expect, test } from 'vitest'
import { runLine } from './line.ts'

const cwd = tmpdir()
const timeoutMs = 30_000

test('what a line prints is its result', async () => {
  expect(await runLine('cd /; pwd; echo "$ONE"', { cwd, env: { ...process.env, ONE: '1' }, timeoutMs })).toBe('/\n1\n')
})

test('a line that fails says how and what it printed', async () => {
  const failing = runLine('echo a reason >&2; (exit 3); echo never', { cwd, timeoutMs })
  await expect(failing).rejects.toThrow(/never\nended with status 3\na reason$/)
})

test('a line that never ends is ended with all that it has started, and named', async () => {
  const started = performance.now()
  const endless = runLine('echo begun; sleep 600 | sleep 600', { cwd, timeoutMs: 500 })
  await expect(endless).rejects.toThrow(/sleep 600\ndid not end within 0.5 s and was killed\nbegun$/)
  expect(performance.now() - started).toBeLessThan(timeoutMs)
})

test('a line that has ended and left something that never does is named', async () => {
  // With job control, what runs in the background is no part of the group.
  const left = runLine('set -m; sleep 20 & echo begun', { cwd, timeoutMs: 500 })
  await expect(left).rejects.toThrow(/echo begun\ndid not end within 0.5 s and was killed\nbegun$/)
})
