import { describe, expect, it } from 'vitest'
import { usedTokens } from './used-tokens.ts'

describe('the memory of used tokens', () => {
  it('knows a token until it expires', () => {
    const used = usedTokens(10)
    expect(used.use('a', 100, 0)).toBe('first')
    expect(used.use('a', 100, 100)).toBe('used')
    expect(used.use('a', 300, 101)).toBe('first')
  })

  it('forgets nobody who could come back: when it is full, it says so until something expires', () => {
    const used = usedTokens(2)
    used.use('a', 100, 0)
    used.use('b', 200, 0)
    expect(used.use('c', 300, 50)).toBe('full')
    expect(used.use('a', 100, 50)).toBe('used')
    expect(used.use('c', 300, 101)).toBe('first')
    expect(used.use('b', 200, 101)).toBe('used')
    expect(used.use('d', 300, 150)).toBe('full')
  })
})
