import { expect, test } from 'vitest'
import { classOf, EXIT } from './error-codes.ts'
import { InterlockError } from './error.ts'

test('a message names the code, the place and the reason, and ends with the hint', () => {
  const error = new InterlockError('CARGO_MANIFEST_UNREADABLE', 'not valid TOML', { file: 'a/Cargo.toml:1:2', hint: 'mend it' })
  expect(error.message).toBe('CARGO_MANIFEST_UNREADABLE: a/Cargo.toml:1:2: not valid TOML\n\nhint: mend it')
})

test('a message without a place or a hint is one line', () => {
  expect(new InterlockError('USAGE', 'no such verb').message).toBe('USAGE: no such verb')
})

test('the cause is kept and absent when there is none', () => {
  const cause = new Error('inner')
  expect(new InterlockError('USAGE', 'outer', { cause }).cause).toBe(cause)
  expect('cause' in new InterlockError('USAGE', 'outer')).toBe(false)
})

test('exit status and retryable come from the one table', () => {
  expect(classOf('NO_TESTS')).toEqual({ exit: EXIT.checkFailed, retryable: false })
  const error = new InterlockError('PROCESS_TIMED_OUT', 'too slow')
  expect([error.exitStatus, error.retryable]).toEqual([EXIT.environment, true])
})
