import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose'
import { fetchJson } from './fetch-json.ts'

/** The keys of one issuer. */
export interface IssuerKeys {
  /** Finds the key of a token, as jose asks for it. */
  readonly keyOf: JWTVerifyGetKey
  /** Milliseconds since the keys came; `undefined` when they never did. */
  readonly age: () => number | undefined
}

export interface IssuerPlace {
  readonly iss: string
  readonly jwks_uri?: string | undefined
}

const FRESH = 5 * 60_000
const COOL_DOWN = 30_000
/** For so long, keys that cannot be fetched again are good enough: an issuer that is away for longer has other troubles. */
const STALE = 24 * 3_600_000

/**
 * Fetches and keeps the keys of an issuer. They are fresh for five minutes. A key that is not among them makes one more
 * request, but no two requests begin within thirty seconds of each other, whatever strangers send. When the issuer does not
 * answer, the keys that are here go on working.
 */
export function issuerKeys(place: IssuerPlace, clock: () => number): IssuerKeys {
  let known: { readonly find: JWTVerifyGetKey; readonly at: number } | undefined
  let lastTry: number | undefined
  let pending: Promise<void> | undefined

  const age = (): number | undefined => (known === undefined ? undefined : clock() - known.at)
  const fetchKeys = async (): Promise<void> => {
    const keys = (await fetchJson(place.jwks_uri ?? (await discover(place.iss)))) as JSONWebKeySet
    known = { find: createLocalJWKSet(keys), at: clock() }
  }
  /** Asks the issuer, unless somebody does so already or did so a moment ago. */
  const refresh = async (): Promise<void> => {
    const cooling = lastTry !== undefined && clock() - lastTry >= 0 && clock() - lastTry < COOL_DOWN
    if (pending === undefined && !cooling) {
      lastTry = clock()
      pending = fetchKeys()
        .catch(() => undefined)
        .finally(() => void (pending = undefined))
    }
    await pending
  }

  const keyOf: JWTVerifyGetKey = async (header, token) => {
    const before = age()
    if (before === undefined || before > FRESH || before < 0) await refresh()
    const first = known
    if (first === undefined || clock() - first.at > STALE)
      throw new errors.JWKSNoMatchingKey('the keys of the issuer cannot be had')
    try {
      return await first.find(header, token)
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error
      await refresh()
      if (known === undefined || known === first) throw error
      return known.find(header, token)
    }
  }
  return { keyOf, age }
}

async function discover(iss: string): Promise<string> {
  const document = (await fetchJson(`${iss.replace(/\/$/u, '')}/.well-known/openid-configuration`)) as Record<string, unknown>
  const { issuer, jwks_uri: place } = document
  if (issuer !== iss) throw new Error(`the discovery document is of another issuer: ${String(issuer)}`)
  if (typeof place !== 'string') throw new Error('the discovery document names no key set')
  const { protocol, hostname } = new URL(place)
  const own = new URL(iss)
  // An issuer on loop-back has its keys there too.
  if (protocol !== 'https:' && (own.protocol === 'https:' || hostname !== own.hostname))
    throw new Error('the key set is not served over https')
  return place
}
