import { decodeJwt, errors, jwtVerify } from 'jose'
import { type Candidate, candidatesOf } from '../core/policy/evaluate.ts'
import type { Claims } from '../core/policy/claims.ts'
import type { Policy } from '../core/policy/schema.ts'
import type { IssuerKeys } from './jwks.ts'

/** What a text is as an identity token. */
export type Identity =
  | { readonly kind: 'authentic'; readonly claims: Claims; readonly candidates: readonly [Candidate, ...Candidate[]] }
  | { readonly kind: 'invalid'; readonly reason: string }

/** No issuer writes tokens that are longer. */
const LONGEST = 16 * 1024
/** Clocks differ by this much, in seconds. */
const SKEW = 60
/** Nothing signs with a secret that the verifier shares, whatever a policy says. */
const ASYMMETRIC = new Set(['EdDSA', 'Ed25519', 'ES256', 'ES384', 'ES512', 'PS256', 'PS384', 'PS512', 'RS256', 'RS384', 'RS512'])

/**
 * Verifies a token by the keys of its issuer. Until then only `iss` and `aud` are looked at, to find that issuer in the
 * policy; a token of somebody else makes no request. Never throws.
 */
export async function readIdentity(
  text: string,
  policy: Policy,
  world: { readonly now: number; readonly keysOf: (candidate: Candidate) => IssuerKeys },
): Promise<Identity> {
  if (text.length > LONGEST) return { kind: 'invalid', reason: `the token is longer than ${LONGEST} characters` }
  const unverified = decoded(text)
  if (unverified === undefined) return { kind: 'invalid', reason: 'it is no JSON Web Token' }
  const [first, ...more] = candidatesOf(policy, unverified)
  if (first === undefined) return { kind: 'invalid', reason: 'no workspace knows its issuer and audience' }
  try {
    const { payload } = await jwtVerify(text, world.keysOf(first).keyOf, {
      algorithms: first.issuer.algorithms.filter((algorithm) => ASYMMETRIC.has(algorithm)),
      issuer: first.issuer.iss,
      audience: first.issuer.aud,
      clockTolerance: SKEW,
      currentDate: new Date(world.now),
      requiredClaims: ['exp', 'iat'],
    })
    // Its signature was checked by the keys and algorithms of the first: others count only where theirs are the same.
    const others = more.filter(({ issuer }) => sameKeys(issuer, first.issuer))
    return { kind: 'authentic', claims: payload, candidates: [first, ...others] }
  } catch (error) {
    return { kind: 'invalid', reason: reasonOf(error) }
  }
}

function sameKeys(one: Candidate['issuer'], other: Candidate['issuer']): boolean {
  return one.jwks_uri === other.jwks_uri && one.algorithms.join() === other.algorithms.join()
}

function decoded(text: string): Claims | undefined {
  try {
    return decodeJwt(text)
  } catch {
    return undefined
  }
}

/** In words that quote nothing of the token. */
function reasonOf(error: unknown): string {
  if (error instanceof errors.JWTExpired) return 'it has expired'
  if (error instanceof errors.JWTClaimValidationFailed) return `its claim "${error.claim}" does not hold`
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'its signature is wrong'
  if (error instanceof errors.JOSEAlgNotAllowed) return 'its algorithm is not allowed'
  if (error instanceof errors.JWKSNoMatchingKey) return 'its key is not one of the issuer'
  return error instanceof errors.JOSEError ? `it is not valid (${error.code})` : 'it cannot be verified'
}
