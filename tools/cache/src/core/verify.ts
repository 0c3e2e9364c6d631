import { createPublicKey, type KeyObject, verify } from 'node:crypto'
import { HEADERS, signedText } from '../wire.ts'
import type { FaultKind } from './fault.ts'

/** What arrived, as it was measured here. */
export interface Arrived {
  readonly hash: string
  /** Hex SHA-256 of the bytes. */
  readonly digest: string
  readonly size: number
}

export interface Trust {
  readonly workspace: string | undefined
  readonly keys: readonly KeyObject[]
}

/**
 * Whether the bytes are those that the cache speaks of. `unknown`: the server names no digest, so that only the bytes
 * themselves can say whether they are whole.
 */
export function judge(
  arrived: Arrived,
  header: (name: string) => string | undefined,
  trust: Trust,
): FaultKind | 'good' | 'unknown' {
  const digest = header(HEADERS.digest)?.toLowerCase()
  if (digest !== undefined && digest !== arrived.digest) return 'wrong digest'
  if (trust.keys.length > 0) return judgeSignature(arrived, header, trust)
  return digest === undefined ? 'unknown' : 'good'
}

function judgeSignature(
  { hash, digest, size }: Arrived,
  header: (name: string) => string | undefined,
  { workspace = '', keys }: Trust,
): FaultKind | 'good' {
  const [signature, scope] = [header(HEADERS.signature), header(HEADERS.scope)]
  if (signature === undefined || scope === undefined) return 'no signature'
  const text = Buffer.from(signedText({ workspace, tool: 'nx', scope, hash, digest, size }))
  const bytes = Buffer.from(signature, 'base64url')
  return keys.some((key) => verify(null, text, key, bytes)) ? 'good' : 'wrong signature'
}

/** The keys of interlock.yaml: 32 bytes each in base64url. */
export function readKeys(keys: readonly string[]): KeyObject[] {
  return keys.map((x) => createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x } }))
}
