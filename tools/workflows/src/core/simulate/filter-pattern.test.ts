import { expect, it } from 'vitest'
import { passesPatterns } from './filter-pattern.ts'

it.each<[readonly string[], string, boolean]>([
  [['main'], 'main', true],
  [['main'], 'mainline', false],
  [['releases/**'], 'releases/10/x', true],
  [['*'], 'a/b', false],
  [['**'], 'a/b', true],
  [['pull-request/[0-9]+'], 'pull-request/17', true],
  [['pull-request/[0-9]+'], 'pull-request/', false],
  [['pull-request/[0-9]+'], 'pull-request/x', false],
  [['v[12].[0-9]+.[0-9]+'], 'v2.0.10', true],
  [['v[12].[0-9]+.[0-9]+'], 'v3.0.10', false],
  [['v*.*.*'], 'v1.2.3', true],
  [['v?1'], '1', true],
  [['releases/**', '!releases/**-alpha'], 'releases/1-alpha', false],
  [['releases/**', '!releases/**-alpha', 'releases/1-alpha'], 'releases/1-alpha', true],
  [['!main'], 'other', false],
  [['**/*.rs'], 'lib.rs', true],
  [['**/*.rs'], 'a/b/lib.rs', true],
  [['a.b'], 'axb', false],
  [['a\\*'], 'a*', true],
  [['a\\*'], 'ab', false],
  [['$(id)'], '$(id)', true],
  [['+x'], '+x', true],
])('%j and %j: %j', (patterns, name, passes) => {
  expect(passesPatterns(name, patterns)).toBe(passes)
})

it.each(['[z-a]', '*+', 'a++'])('promise-1: the pattern %s is refused', (pattern) => {
  expect(() => passesPatterns('x', [pattern])).toThrow(
    `CONFIG_INVALID: the filter pattern ${JSON.stringify(pattern)} is none that can be read`,
  )
})
