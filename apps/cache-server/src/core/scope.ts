import { createHash } from 'node:crypto'
import type { ScopeClass } from './entry.ts'

/** A name that is longer ends in its digest. */
const LONGEST = 160

/**
 * The name of a scope for any text that a claim may hold. Different texts have different names: what is not
 * `a-z 0-9 _ -` becomes `~` and two hex digits for each byte of its UTF-8, and only the name of an overlong text, which
 * ends in a digest, holds `~~`. No name holds a slash, a dot, an upper-case letter or a line break.
 */
export function scopeName(text: string): string {
  const encoded = [...Buffer.from(text, 'utf8')].map(encodedByte).join('')
  if (text !== '' && !/\p{Surrogate}/u.test(text) && encoded.length <= LONGEST) return encoded
  const digest = createHash('sha256').update(Buffer.from(text, 'utf16le')).digest('hex')
  return `${encoded.slice(0, LONGEST - digest.length - 2)}~~${digest}`
}

/** The scope that jobs of a reference own: `pr/github.refs~2fpull~2f5~2fmerge`. Issuers do not share one. */
export function scopeOf(scopeClass: Exclude<ScopeClass, 'trusted'>, issuer: string, ref: string): string {
  return `${scopeClass}/${issuer}.${scopeName(ref)}`
}

/** A trusted scope has the name that the policy gives to a branch. */
export function trustedScope(name: string): string {
  return `trusted/${name}`
}

/** The class of a scope; `undefined` for a text that is no scope. */
export function scopeClassOf(scope: string): ScopeClass | undefined {
  const found = /^(?<scopeClass>branch|pr|queue|trusted)\/[a-z0-9._~-]+$/u.exec(scope)?.groups?.['scopeClass']
  return found as ScopeClass | undefined
}

function encodedByte(byte: number): string {
  const character = String.fromCodePoint(byte)
  return /[a-z0-9_-]/u.test(character) ? character : `~${byte.toString(16).padStart(2, '0')}`
}
