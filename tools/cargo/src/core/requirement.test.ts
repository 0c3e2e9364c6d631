import { expect, it } from 'vitest'
import { maySatisfy } from './requirement.ts'

it.each([
  ['1.2.3', '1', true],
  ['1.2.3', '1.3', false],
  ['2.0.0', '1', false],
  ['0.4.8', '0.4', true],
  ['0.5.0', '0.4', false],
  ['0.0.4', '0.0.3', false],
  ['0.3.0', '0', true],
  ['1.2.9', '~1.2.3', true],
  ['1.3.0', '~1.2.3', false],
  ['1.3.0', '~1', true],
  ['1.0.3', '=1.0.3', true],
  ['1.0.4', '=1.0.3', false],
  ['1.9.0', '1.*', true],
  ['2.9.0', '1.*', false],
  ['2.5.0', '>=1, <3', true],
  ['3.0.0', '>=1, <3', false],
  ['1.2.9', '>1.2', false],
  ['1.2.9', '<=1.2', true],
  ['1.0.0-rc.1', '2', true],
  ['1.0.0', '1.0.0-rc.1', true],
  ['1.0.0', '*', true],
  ['1.0.0', undefined, true],
])('version %s and requirement %s: %s', (version, requirement, expected) => {
  expect(maySatisfy(version, requirement)).toBe(expected)
})
