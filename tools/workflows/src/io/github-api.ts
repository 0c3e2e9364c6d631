import { setTimeout as pause } from 'node:timers/promises'
import { InterlockError, redact } from '@interlock/kit'

type Environment = Readonly<Record<string, string | undefined>>

/** Where and as whom GitHub's API is asked. */
export interface GitHubServer {
  /** Without a slash at the end. */
  readonly url: string
  readonly graphqlUrl: string
  /** Empty where nobody gave one: GitHub then shows what is public. */
  readonly token: string
  /** Time for one answer, with its body. */
  readonly timeoutMs: number
}

export interface GitHubRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Below the address of the server, with a slash before it. */
  readonly path: string
  readonly body?: unknown
}

const PUBLIC_API = 'https://api.github.com'

const TIMEOUT_MS = 20_000

/** A question is asked again after these times, where the network or the server failed; a change is never made twice. */
const PAUSES_MS = [300, 1200]

const PAGE_SIZE = 100

/** GitHub lists no more than 3000 files of a pull request. */
const MOST_PAGES = 30

/**
 * The server that GitHub Actions names in the environment.
 *
 * @throws InterlockError `CONFIG_INVALID` for an address to which a token would go in the clear.
 */
export function githubServer(env: Environment): GitHubServer {
  const url = (env['GITHUB_API_URL'] || PUBLIC_API).replace(/\/+$/u, '')
  const graphqlUrl = env['GITHUB_GRAPHQL_URL'] || `${url}/graphql`
  for (const [name, address] of Object.entries({ GITHUB_API_URL: url, GITHUB_GRAPHQL_URL: graphqlUrl })) {
    if (mayHoldToken(address)) continue
    throw new InterlockError('CONFIG_INVALID', `${name} is not an https address, and a token is not sent in the clear`)
  }
  return { url, graphqlUrl, token: env['GITHUB_TOKEN'] ?? '', timeoutMs: TIMEOUT_MS }
}

function mayHoldToken(address: string): boolean {
  if (!URL.canParse(address)) return false
  const { protocol, hostname } = new URL(address)
  return protocol === 'https:' || (protocol === 'http:' && hostname === '127.0.0.1')
}

/** A path of names as they are: none can add a segment, leave one out, or start a query. */
export function githubPath(...names: readonly (string | number)[]): string {
  const odd = names.find((name) => /^(?:\.{1,2})?$/u.test(String(name)))
  if (odd !== undefined)
    throw new InterlockError('CONFIG_INVALID', `${JSON.stringify(odd)} is not the name of anything on GitHub`)
  return names.map((name) => `/${encodeURIComponent(name)}`).join('')
}

/**
 * Makes one request and returns what GitHub answered. The token goes into the header and nowhere else; redirects are not
 * followed.
 *
 * @throws InterlockError `GITHUB_UNREACHABLE` where another try may help, `GITHUB_REFUSED` where it will not.
 */
export async function askGitHub(server: GitHubServer, request: GitHubRequest): Promise<unknown> {
  return exchange(server, { ...request, address: `${server.url}${request.path}`, shown: `${request.method} ${request.path}` })
}

/** Every item of a list, over all its pages. `itemsOf` takes them out of an answer that wraps them. Throws as `askGitHub`. */
export async function listGitHub(
  server: GitHubServer,
  path: string,
  itemsOf: (answer: unknown) => unknown = (answer) => answer,
): Promise<unknown[]> {
  const all: unknown[] = []
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const address = `${path}${path.includes('?') ? '&' : '?'}per_page=${PAGE_SIZE}&page=${page}`
    const items = itemsOf(await askGitHub(server, { method: 'GET', path: address }))
    if (!Array.isArray(items)) throw undocumented(`GET ${path}`)
    all.push(...(items as readonly unknown[]))
    if (items.length < PAGE_SIZE) break
  }
  return all
}

/** A mutation of GraphQL that takes one input. */
export interface GitHubMutation {
  readonly mutation: string
  readonly input: Readonly<Record<string, unknown>>
}

/**
 * Makes a change through GraphQL. What GitHub has against it is returned, because some of that is an answer: it comes with
 * the status of a success. Throws as `askGitHub` does.
 */
export async function mutateGitHub(server: GitHubServer, { mutation, input }: GitHubMutation): Promise<readonly string[]> {
  const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input`
  const query = `mutation ($input: ${type}!) { ${mutation}(input: $input) { clientMutationId } }`
  const body = { query, variables: { input } }
  const shown = `POST /graphql ${mutation}`
  const answer = await exchange(server, { method: 'POST', body, address: server.graphqlUrl, shown })
  const { errors, data } = (answer ?? {}) as {
    readonly errors?: unknown
    readonly data?: Readonly<Record<string, unknown>> | null
  }
  if (Array.isArray(errors) && errors.length > 0) {
    return (errors as readonly { readonly message?: unknown }[]).map(({ message }) => words(server, message))
  }
  if ((data?.[mutation] ?? undefined) === undefined) throw undocumented(shown)
  return []
}

/** An answer that is not what GitHub's description of its API promises. */
export function undocumented(what: string): InterlockError {
  return new InterlockError('GITHUB_REFUSED', `${what}: the answer is not what GitHub documents`)
}

interface Exchange extends Omit<GitHubRequest, 'path'> {
  readonly address: string
  /** For messages. */
  readonly shown: string
}

async function exchange(server: GitHubServer, wanted: Exchange): Promise<unknown> {
  for (const wait of wanted.method === 'GET' ? PAUSES_MS : []) {
    try {
      return await once(server, wanted)
    } catch (error) {
      if (!(error instanceof InterlockError && error.code === 'GITHUB_UNREACHABLE')) throw error
    }
    await pause(wait)
  }
  return once(server, wanted)
}

async function once(server: GitHubServer, { method, address, body, shown }: Exchange): Promise<unknown> {
  let response: Response
  let text: string
  try {
    response = await fetch(address, {
      method,
      headers: {
        accept: 'application/vnd.github+json',
        'user-agent': 'interlock',
        'x-github-api-version': '2022-11-28',
        ...(server.token === '' ? {} : { authorization: `Bearer ${server.token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      redirect: 'manual',
      signal: AbortSignal.timeout(server.timeoutMs),
    })
    text = await response.text()
  } catch (error) {
    const isTimeout = error instanceof Error && error.name === 'TimeoutError'
    const why = isTimeout ? `GitHub did not answer within ${server.timeoutMs / 1000} s` : 'GitHub cannot be reached'
    // The cause is left out: it holds the request, and the request holds the token.
    throw new InterlockError('GITHUB_UNREACHABLE', `${shown}: ${why}`)
  }
  const answer = parsed(text)
  if (response.ok && answer.ok) return answer.value
  if (response.ok) throw undocumented(shown)
  const { message = '' } = (answer.value ?? {}) as { readonly message?: unknown }
  throw refusal(response, `${shown}: GitHub answered ${response.status}${message === '' ? '' : ` (${words(server, message)})`}`)
}

function parsed(text: string): { readonly ok: boolean; readonly value?: unknown } {
  if (text === '') return { ok: true, value: {} }
  try {
    return { ok: true, value: JSON.parse(text) as unknown }
  } catch {
    return { ok: false }
  }
}

function refusal({ status, headers }: Response, message: string): InterlockError {
  const isLimit = status === 429 || headers.has('retry-after') || headers.get('x-ratelimit-remaining') === '0'
  if (isLimit) return new InterlockError('GITHUB_UNREACHABLE', message, { hint: 'too many requests: wait, then run it again' })
  if (status >= 500) return new InterlockError('GITHUB_UNREACHABLE', message)
  return new InterlockError('GITHUB_REFUSED', message, { hint: HINTS.get(status) })
}

const HINTS: ReadonlyMap<number, string> = new Map([
  [401, 'GITHUB_TOKEN is not valid any more'],
  [403, 'give the job of the token the permission that this needs'],
  [404, 'it is not there, or the token may not see it'],
])

/** Words of the server, in one line: they may repeat what a stranger wrote. */
function words({ token }: GitHubServer, message: unknown): string {
  const text = typeof message === 'string' ? message : 'no reason given'
  return redact(text, [token])
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .slice(0, 200)
}
