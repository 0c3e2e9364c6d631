import { randomUUID } from 'node:crypto'
import { errors, jwtVerify, SignJWT } from 'jose'
import type { Grant } from '../core/access.ts'
import { SESSION_ISSUER, sessionClaims, sessionGrant } from '../core/session.ts'
import type { Keyring } from './keyring.ts'

export interface SessionReading {
  readonly grant: Grant
  /** The mark of the policy that granted it. */
  readonly policy: string
  /** Milliseconds since the epoch. */
  readonly expires: number
}

/** What a text is as a session token. */
export type Session = ({ readonly kind: 'valid' | 'expired' } & SessionReading) | { readonly kind: 'forged' }

/** A session token that the newest key signed. `now` in milliseconds. */
export async function issueSession(
  keys: Keyring,
  granted: { readonly grant: Grant; readonly policy: string },
  time: { readonly now: number; readonly minutes: number },
): Promise<string> {
  const [key] = keys
  const seconds = Math.floor(time.now / 1000)
  return new SignJWT({ ...sessionClaims(granted.grant, granted.policy) })
    .setProtectedHeader({ alg: 'EdDSA', typ: 'JWT', kid: key.id })
    .setIssuer(SESSION_ISSUER)
    .setAudience(SESSION_ISSUER)
    .setIssuedAt(seconds)
    .setExpirationTime(seconds + time.minutes * 60)
    .setJti(randomUUID())
    .sign(key.privateKey)
}

/** Never throws: what is not signed by a key of the ring is forged, and what is signed but too old is expired. */
export async function readSession(keys: Keyring, text: string, now: number): Promise<Session> {
  try {
    const { payload } = await jwtVerify(text, ({ kid }) => publicKeyOf(keys, kid), {
      algorithms: ['EdDSA'],
      issuer: SESSION_ISSUER,
      audience: SESSION_ISSUER,
      currentDate: new Date(now),
      requiredClaims: ['exp', 'iat', 'jti'],
    })
    return reading('valid', payload)
  } catch (error) {
    // The signature is looked at before the times.
    return error instanceof errors.JWTExpired && error.claim === 'exp' ? reading('expired', error.payload) : { kind: 'forged' }
  }
}

function reading(kind: 'valid' | 'expired', payload: { readonly exp?: unknown }): Session {
  const read = sessionGrant(payload)
  return read === undefined ? { kind: 'forged' } : { kind, ...read, expires: Number(payload.exp) * 1000 }
}

function publicKeyOf(keys: Keyring, id: string | undefined): Keyring[number]['publicKey'] {
  const key = keys.find((candidate) => candidate.id === id)
  if (key === undefined) throw new errors.JWKSNoMatchingKey()
  return key.publicKey
}
