import { createHash, timingSafeEqual } from 'node:crypto'

/** What a static token is for. */
export type TokenKind = 'admin' | 'read'

/** 256 random bits: nobody guesses them, so a plain digest keeps them as well as a slow hash would. */
const BYTES = 32
const FORMAT = /^interlock_(?<kind>admin|read)_[A-Za-z0-9_-]{43}$/u

/** A static token made of 32 random bytes. Its beginning says what it is, also to scanners that look for leaked secrets. */
export function staticToken(kind: TokenKind, random: Uint8Array): string {
  if (random.length !== BYTES) throw new RangeError(`a token takes ${BYTES} random bytes`)
  return `interlock_${kind}_${Buffer.from(random).toString('base64url')}`
}

/** What the policy keeps of a token. */
export function tokenHash(token: string): string {
  return `sha256:${createHash('sha256').update(token, 'utf8').digest('hex')}`
}

/** The kind that a text says it is; `undefined` for what cannot be a static token. */
export function tokenKind(text: string): TokenKind | undefined {
  return FORMAT.exec(text)?.groups?.['kind'] as TokenKind | undefined
}

/**
 * The known token that has this text. Digests are compared, all of equal length and all of them each time, so that how long
 * it takes tells nothing about which of them was nearly right.
 */
export function findToken<Known extends { readonly hash: string }>(text: string, known: readonly Known[]): Known | undefined {
  const given = Buffer.from(tokenHash(text))
  let found: Known | undefined
  for (const candidate of known) {
    const kept = Buffer.from(candidate.hash)
    if (kept.length === given.length && timingSafeEqual(kept, given)) found = candidate
  }
  return found
}

/** A text without what looks like a token: three parts of a signed one, or a static one. */
export function withoutTokens(text: string): string {
  return text.replaceAll(/\beyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?|\binterlock_(?:admin|read)_[\w-]+/gu, '***')
}
