import { expect, it } from 'vitest'
import { globMatcher } from './glob.ts'

it.each([
  ['crates/*', 'crates/a', true],
  ['crates/*', 'crates/.hidden', true],
  ['crates/*', 'crates/a/b', false],
  ['crates/**', 'crates/a/b', true],
  ['**/lib-?', 'x/y/lib-a', true],
  ['**/lib-?', 'lib-ab', false],
  ['c[a-c]', 'cb', true],
  ['c[!a-c]', 'cb', false],
  ['c[!a-c]', 'cd', true],
  ['a.b*', 'axb', false],
  ['{a,b}*', 'a', false],
  ['{a,b}*', '{a,b}c', true],
  ['a[b*', 'a[bc', true],
])('the member %s and the directory %s: %s', (pattern, path, expected) => {
  expect(globMatcher(pattern)(path)).toBe(expected)
})
