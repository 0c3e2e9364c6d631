import { randomBytes } from 'node:crypto'
import { afterEach, describe, expect, it, vi } from 'vitest'

const compared: (readonly [number, number])[] = []
vi.mock('node:crypto', async (load) => {
  const crypto = await load<typeof import('node:crypto')>()
  const timingSafeEqual = (left: Buffer, right: Buffer): boolean => {
    compared.push([left.length, right.length])
    return crypto.timingSafeEqual(left, right)
  }
  return { ...crypto, timingSafeEqual }
})
const { findToken, staticToken, tokenHash, tokenKind, withoutTokens } = await import('./tokens.ts')

afterEach(() => void (compared.length = 0))

describe('a static token', () => {
  it('is 256 random bits, and says what it is for', () => {
    const token = staticToken('read', randomBytes(32))
    expect(token).toMatch(/^interlock_read_[\w-]{43}$/)
    expect(tokenKind(token)).toBe('read')
    expect(tokenKind(staticToken('admin', randomBytes(32)))).toBe('admin')
    expect(new Set(Array.from({ length: 100 }, () => staticToken('read', randomBytes(32)))).size).toBe(100)
    expect(() => staticToken('read', randomBytes(16))).toThrow('32 random bytes')
  })

  it.each([
    '',
    'password',
    'interlock_read_',
    `interlock_read_${'a'.repeat(42)}`,
    `interlock_write_${'a'.repeat(43)}`,
    `x interlock_read_${'a'.repeat(43)}`,
  ])('is nothing that a person could have thought of: %j', (text) => {
    expect(tokenKind(text)).toBeUndefined()
  })

  it('cache-43: digests of equal length are compared by timingSafeEqual, all of them, whether one fits or not', () => {
    const tokens = Array.from({ length: 5 }, (_, index) => staticToken('read', randomBytes(32).fill(index, 0, 1)))
    const known = tokens.map((token, index) => ({ hash: tokenHash(token), index }))
    const length = tokenHash('').length
    for (const [text, index] of [
      [tokens[0]!, 0],
      [tokens[4]!, 4],
      ['', undefined],
      ['x'.repeat(100_000), undefined],
      [tokens[2]!.slice(0, -1), undefined],
    ] as const) {
      compared.length = 0
      expect(findToken(text, known)?.index).toBe(index)
      expect(compared).toEqual(Array.from({ length: 5 }, () => [length, length]))
    }
  })
})

describe('a text without tokens', () => {
  it('keeps everything else', () => {
    const token = `eyJhbGciOiJFZERTQSJ9.eyJ3cyI6ImEifQ.${'c'.repeat(86)}`
    expect(withoutTokens(`a ${token}, interlock_admin_${'a'.repeat(43)} b`)).toBe('a ***, *** b')
    expect(withoutTokens('interlock_reader eyJ trusted/main sha256:00')).toBe('interlock_reader eyJ trusted/main sha256:00')
  })
})
