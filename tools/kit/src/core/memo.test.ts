import { describe, expect, it } from 'vitest'
import { createMemo } from './memo.ts'

describe('a memo', () => {
  it('keeps the values that were used last and forgets the others', () => {
    const memo = createMemo<number>(2)
    let made = 0
    const get = (key: string): number => memo(key, () => (made += 1))
    expect([get('a'), get('b'), get('a'), get('c'), get('a'), get('b')]).toEqual([1, 2, 1, 3, 1, 4])
  })

  it('does not keep an error', () => {
    const memo = createMemo<number>(2)
    const fail = (): number => {
      throw new Error('broken')
    }
    expect(() => memo('a', fail)).toThrow('broken')
    expect(memo('a', () => 1)).toBe(1)
  })
})
