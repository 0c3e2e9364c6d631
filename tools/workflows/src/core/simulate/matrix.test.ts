import { describe, expect, it } from 'vitest'
import { legName, legsOf } from './matrix.ts'

function legs(matrix: unknown): unknown[] {
  return legsOf(matrix).map(({ matrix: values }) => values)
}

describe('a matrix', () => {
  it('that is not there is one machine without values', () => {
    expect(legsOf(undefined)).toEqual([{ matrix: {}, index: 0, total: 1 }])
  })

  it('is every combination of its lists, in their order', () => {
    expect(legs({ python: ['3.9', '3.10'], os: ['a', 'b'] })).toEqual([
      { python: '3.9', os: 'a' },
      { python: '3.9', os: 'b' },
      { python: '3.10', os: 'a' },
      { python: '3.10', os: 'b' },
    ])
  })

  it('leaves out what fits an exclude as a whole', () => {
    expect(legs({ v: [1, 2], os: ['a', 'b'], exclude: [{ v: 1, os: 'b' }, { v: 2 }] })).toEqual([{ v: 1, os: 'a' }])
    expect(legs({ o: [{ n: 1, x: 2 }, { n: 2 }], exclude: [{ o: { n: 1 } }] })).toEqual([{ o: { n: 2 } }])
  })

  // The example of GitHub's documentation on "include".
  it('adds an include to what it changes no value of, else as one of its own', () => {
    const include = [
      { color: 'green' },
      { color: 'pink', animal: 'cat' },
      { fruit: 'apple', shape: 'circle' },
      { fruit: 'banana' },
      { fruit: 'banana', animal: 'cat' },
    ]
    expect(legs({ fruit: ['apple', 'pear'], animal: ['cat', 'dog'], include })).toEqual([
      { fruit: 'apple', animal: 'cat', color: 'pink', shape: 'circle' },
      { fruit: 'apple', animal: 'dog', color: 'green', shape: 'circle' },
      { fruit: 'pear', animal: 'cat', color: 'pink' },
      { fruit: 'pear', animal: 'dog', color: 'green' },
      { fruit: 'banana' },
      { fruit: 'banana', animal: 'cat' },
    ])
  })

  it('may be a list of includes alone, also of one', () => {
    expect(legs({ include: [{ shard: 1, shards: 1, projects: 'a,b' }] })).toEqual([{ shard: 1, shards: 1, projects: 'a,b' }])
  })

  it.each<[unknown, string]>([
    [{ include: [] }, 'the matrix has no combination'],
    [{ v: [] }, 'the list matrix.v is empty'],
    [{ v: 'x' }, 'the value of matrix.v is no list'],
    ['text', 'the matrix is no mapping'],
    [null, 'the matrix is no mapping'],
    [{ include: ['x'] }, 'matrix.include is no list of mappings'],
    [{ v: [1], exclude: [{ v: 1 }] }, 'the matrix has no combination'],
    [{ v: Array.from({ length: 257 }, (_, index) => index) }, 'the matrix has 257 combinations, and GitHub Actions takes 256'],
  ])('promise-1: %j fails the job', (matrix, reason) => {
    expect(() => legsOf(matrix)).toThrow(reason)
  })

  it('names its machines by their values', () => {
    expect(legName('test', { matrix: {} })).toBe('test')
    expect(legName('test', { matrix: { v: '3.10', o: { n: 1 }, b: true } })).toBe('test (3.10, {"n":1}, true)')
  })
})
