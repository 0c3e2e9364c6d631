import { createHash } from 'node:crypto'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { closureKey, sliceDigest } from './slice.ts'

const line = fc.string().filter((text) => !text.includes('\n'))

test('a digest is the head of the SHA-256 of the sorted lines', () => {
  expect(sliceDigest(['b', 'a'])).toBe(createHash('sha256').update('a\nb\n').digest('hex').slice(0, 32))
})

test('the order and the repetition of lines do not move the digest', () => {
  fc.assert(
    fc.property(fc.array(line), (lines) => {
      expect(sliceDigest([...lines, ...lines].toReversed())).toBe(sliceDigest(lines))
    }),
  )
})

test('different sets of lines have different digests', () => {
  fc.assert(
    fc.property(fc.uniqueArray(line), fc.uniqueArray(line), (left, right) => {
      const same = left.length === right.length && left.every((text) => right.includes(text))
      expect(sliceDigest(left) === sliceDigest(right)).toBe(same)
    }),
  )
})

test('a line that holds a line feed is refused', () => {
  expect(() => sliceDigest(['a\nb'])).toThrow(RangeError)
})

test.each([
  ['.', '~2e'],
  ['libs/he', 'libs/he'],
  ['libs/he.rs', 'libs/he~2ers'],
  ['apps/é ~', 'apps/~c3a9~20~7e'],
  ['𝒳', '~f09d92b3'],
])('the key of %s is %s', (root, key) => {
  expect(closureKey(root)).toBe(key)
})

test('two roots never share a key, and no key has a character that Nx reads as a path', () => {
  const root = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom('.', '~', '2', 'e', 'é', '/', 'c', '3') }),
  )
  fc.assert(
    fc.property(root, root, (left, right) => {
      expect(closureKey(left)).toMatch(/^[A-Za-z0-9_@/~-]*$/)
      expect(closureKey(left) === closureKey(right)).toBe(left === right)
    }),
    { numRuns: 2000 },
  )
})
