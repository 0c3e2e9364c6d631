import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose'

/**
 * An OpenID Connect issuer on loop-back with keys of its own, as GitHub Actions and GitLab document theirs: discovery, key
 * set, and tokens with the claims of a job. It counts what it is asked, rotates its keys, and can be out of order.
 */
export interface TestIssuer {
  /** `http://127.0.0.1:<port>` */
  readonly url: string
  /** Requests for the key set so far. */
  readonly keyRequests: () => number
  /** A token of a job of GitHub Actions, signed by the newest key. Claims that are given replace those of the job. */
  readonly github: (claims?: Readonly<Record<string, unknown>>, form?: TokenForm) => Promise<string>
  /** A token of a job of GitLab. */
  readonly gitlab: (claims?: Readonly<Record<string, unknown>>, form?: TokenForm) => Promise<string>
  /** From now on another key signs; the old ones stay in the set unless they are `forgotten`. */
  readonly rotate: (options?: { readonly forgotten?: boolean }) => Promise<void>
  /** How it answers from now on; `undefined` heals it. */
  readonly fail: (fault: IssuerFault | undefined) => void
  /** What the key set holds, as it is served. */
  readonly keys: () => readonly JWK[]
  readonly close: () => Promise<void>
  readonly [Symbol.asyncDispose]: () => Promise<void>
}

export type IssuerFault =
  | 'endless'
  | 'garbage'
  | 'hang'
  | 'oversized'
  | 'redirect'
  | 'reset'
  | 'status-503'
  | 'strange-keys'
  | 'wrong-issuer'

/** What of a token is not as it should be. */
export interface TokenForm {
  /** The time at which it is made, in seconds. */
  readonly now?: number
  /** Seconds from then to `exp`. */
  readonly lifetime?: number
  /** More of the protected header. */
  readonly header?: Readonly<Record<string, unknown>>
}

/** The audience of every token unless the claims say something else. */
export const TEST_AUDIENCE = 'https://cache.test'

/** What GitHub's documentation shows for a push to main; ids are texts. */
export const GITHUB_PUSH: Readonly<Record<string, unknown>> = {
  sub: 'repo:octo-org/octo-repo:ref:refs/heads/main',
  ref: 'refs/heads/main',
  ref_type: 'branch',
  ref_protected: 'true',
  event_name: 'push',
  repository: 'octo-org/octo-repo',
  repository_id: '123456',
  repository_owner: 'octo-org',
  repository_owner_id: '65',
  repository_visibility: 'private',
  actor: 'octocat',
  actor_id: '12',
  run_id: '4711',
  run_number: '10',
  run_attempt: '1',
  check_run_id: '42',
  runner_environment: 'github-hosted',
  sha: '0123456789abcdef0123456789abcdef01234567',
  base_ref: '',
  head_ref: '',
  workflow: 'ci',
  workflow_ref: 'octo-org/octo-repo/.github/workflows/ci.yml@refs/heads/main',
  job_workflow_ref: 'octo-org/octo-repo/.github/workflows/ci.yml@refs/heads/main',
}

/** What GitHub signs for pull request 5 against main. */
export const GITHUB_PULL_REQUEST: Readonly<Record<string, unknown>> = {
  ...GITHUB_PUSH,
  sub: 'repo:octo-org/octo-repo:pull_request',
  ref: 'refs/pull/5/merge',
  ref_protected: 'false',
  event_name: 'pull_request',
  base_ref: 'main',
  head_ref: 'feature',
  run_id: '4712',
}

/** What GitLab's documentation shows for a push to main. */
export const GITLAB_PUSH: Readonly<Record<string, unknown>> = {
  sub: 'project_path:my-group/my-project:ref_type:branch:ref:main',
  namespace_id: '72',
  namespace_path: 'my-group',
  project_id: '20',
  project_path: 'my-group/my-project',
  user_id: '1',
  user_login: 'sample-user',
  pipeline_id: '574',
  pipeline_source: 'push',
  job_id: '302',
  ref: 'main',
  ref_type: 'branch',
  ref_path: 'refs/heads/main',
  ref_protected: 'true',
  runner_id: 1,
  runner_environment: 'self-hosted',
  sha: '714a629c0b401fdce83e847fc9589983fc6f46bc',
}

export async function startTestIssuer(): Promise<TestIssuer> {
  let made = 1
  let keys = [await keyNumber(0)]
  let fault: IssuerFault | undefined
  let asked = 0
  const server = createServer((request, response) => {
    if (request.url === KEYS_PATH) asked += 1
    answer(request, response, { url, fault, keys: keys.map((key) => key.public) })
  })
  const url = await listen(server)

  const signed = async (claims: Readonly<Record<string, unknown>>, form: TokenForm): Promise<string> => {
    const now = form.now ?? Math.floor(Date.now() / 1000)
    const [key] = keys
    if (key === undefined) throw new Error('the issuer has no key')
    const payload = { jti: randomUUID(), iss: url, aud: TEST_AUDIENCE, iat: now, nbf: now, exp: now + (form.lifetime ?? 300) }
    const present = Object.fromEntries(Object.entries({ ...payload, ...claims }).filter(([, value]) => value !== undefined))
    return new SignJWT(present)
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: key.public.kid ?? '', ...form.header })
      .sign(key.private, { crit: Object.fromEntries(criticalOf(form).map((name) => [name, true])) })
  }
  const close = async (): Promise<void> => {
    server.closeAllConnections()
    await new Promise((resolve) => void server.close(resolve))
  }
  return {
    url,
    keyRequests: () => asked,
    github: async (claims = {}, form = {}) => signed({ ...GITHUB_PUSH, ...claims }, form),
    gitlab: async (claims = {}, form = {}) => signed({ ...GITLAB_PUSH, ...claims }, form),
    rotate: async ({ forgotten = false } = {}) => {
      keys = [await keyNumber(made), ...(forgotten ? [] : keys)]
      made += 1
    },
    fail: (next) => void (fault = next),
    keys: () => keys.map((key) => key.public),
    close,
    [Symbol.asyncDispose]: close,
  }
}

const KEYS_PATH = '/keys'
const DISCOVERY_PATH = '/.well-known/openid-configuration'

interface IssuerState {
  readonly url: string
  readonly fault: IssuerFault | undefined
  readonly keys: readonly JWK[]
}

function answer(request: IncomingMessage, response: ServerResponse, { url, fault, keys }: IssuerState): void {
  switch (fault) {
    case 'hang':
      return
    case 'reset':
      request.socket.resetAndDestroy()
      return
    case 'status-503':
      response.writeHead(503).end('out of order')
      return
    case 'redirect':
      response.writeHead(302, { location: 'http://127.0.0.1:9/' }).end()
      return
    case 'garbage':
      response.end('<html>')
      return
    case 'oversized':
      response.end(`{"keys":[],"padding":"${'x'.repeat(2 * 1024 * 1024)}"}`)
      return
    case 'endless':
      response.write('{"keys":[')
      return
    case 'strange-keys':
    case 'wrong-issuer':
    case undefined:
  }
  const document =
    request.url === DISCOVERY_PATH
      ? {
          issuer: fault === 'wrong-issuer' ? 'https://somebody.else' : url,
          jwks_uri: fault === 'strange-keys' ? `http://keys.invalid${KEYS_PATH}` : `${url}${KEYS_PATH}`,
        }
      : request.url === KEYS_PATH
        ? { keys }
        : undefined
  response.writeHead(document === undefined ? 404 : 200, { 'content-type': 'application/json' })
  response.end(JSON.stringify(document ?? {}))
}

interface SigningPair {
  readonly private: CryptoKey
  readonly public: JWK
}

/** RSA keys take long to make: the first key of every issuer is the same, and so is the second, under names of their own. */
const PAIRS: Promise<SigningPair>[] = []

async function keyNumber(index: number): Promise<SigningPair> {
  PAIRS[index] ??= newPair()
  const pair = await PAIRS[index]
  return { ...pair, public: { ...pair.public, kid: randomUUID(), alg: 'RS256', use: 'sig' } }
}

async function newPair(): Promise<SigningPair> {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true })
  return { private: privateKey, public: await exportJWK(publicKey) }
}

/** A header that names critical extensions is signed as it is, so that the cache can be seen to refuse it. */
function criticalOf({ header }: TokenForm): readonly string[] {
  const critical = header?.['crit']
  return Array.isArray(critical) ? critical.map(String) : []
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
