import { generateKeyPairSync, randomUUID, sign } from 'node:crypto'
import { serveOnLoopBack } from './loop-back.ts'

/** What the host of the repository says about a job, in the words of GitHub Actions. */
export type JobClaims = Readonly<Record<string, string>>

/** Stands in for the identity provider of GitHub Actions, which only its own runners can reach. */
export interface IdentityProvider {
  readonly url: string
  /** The variables that a job finds when it may ask for an identity token; nothing for a fork, which gets none. */
  readonly environmentOf: (claims: JobClaims | undefined) => Readonly<Record<string, string>>
  readonly close: () => Promise<void>
}

/** Signs what it is told about a job, and nothing that the job says about itself. */
export async function startIdentityProvider(): Promise<IdentityProvider> {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const kid = randomUUID()
  const key = { ...publicKey.export({ format: 'jwk' }), alg: 'RS256', kid, use: 'sig' }
  const jobs = new Map<string, JobClaims>()

  const tokenOf = (claims: JobClaims, audience: string): string => {
    const now = Math.floor(Date.now() / 1000)
    const times = { exp: now + 300, iat: now, nbf: now }
    const parts = [
      { alg: 'RS256', kid, typ: 'JWT' },
      { ...claims, ...times, aud: audience, iss: url, jti: randomUUID() },
    ]
    const text = parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')
    return `${text}.${sign('sha256', Buffer.from(text), privateKey).toString('base64url')}`
  }
  const answerTo = (path: string, authorization: string | undefined): unknown => {
    const { pathname, searchParams } = new URL(path, url)
    if (pathname === '/.well-known/openid-configuration') return { issuer: url, jwks_uri: `${url}/keys` }
    if (pathname === '/keys') return { keys: [key] }
    const claims = jobs.get(authorization?.replace(/^Bearer /iu, '') ?? '')
    return pathname === '/token' && claims !== undefined
      ? { value: tokenOf(claims, searchParams.get('audience') ?? '') }
      : undefined
  }
  const { url, close } = await serveOnLoopBack((request, response) => {
    const answer = answerTo(request.url ?? '/', request.headers.authorization)
    response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' })
    response.end(JSON.stringify(answer ?? {}))
  })
  return {
    url,
    environmentOf: (claims) => {
      if (claims === undefined) return {}
      const bearer = randomUUID()
      jobs.set(bearer, claims)
      return { ACTIONS_ID_TOKEN_REQUEST_URL: `${url}/token?api-version=2.0`, ACTIONS_ID_TOKEN_REQUEST_TOKEN: bearer }
    },
    close,
  }
}
