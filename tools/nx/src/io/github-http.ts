/** Where and as whom a server of GitHub's API is asked. */
export interface GitHubServer {
  /** Without a slash at the end. */
  readonly url: string
  /** Empty where nobody gave one: GitHub then shows what is public. */
  readonly token: string
  /** Time for one answer, with its body. */
  readonly timeoutMs: number
}

export interface GitHubRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Below the address of the server, or the whole address of something on it. */
  readonly address: string
  readonly body?: unknown
}

/** What a request came to: whatever the server answered, or why nothing of it can be used. */
export type GitHubAnswer =
  | {
      readonly kind: 'answer'
      readonly status: number
      readonly headers: Headers
      /** Parsed; `undefined` where GitHub promises none, because it refused or has nothing to say. */
      readonly body: unknown
      /** The address of the next page. */
      readonly next: string | undefined
    }
  | {
      readonly kind: 'failed'
      readonly reason: string
      /** Whether another try may help: the network failed, not the answer. */
      readonly isPassing: boolean
    }

const PUBLIC_API = 'https://api.github.com'

const TIMEOUT_MS = 15_000

/** A page of a hundred runs takes about 2 MB. */
const MOST_BYTES = 32 * 2 ** 20

/** The server that GitHub Actions names in the environment, or one sentence on why it gets no token. */
export function githubServer(env: Readonly<Record<string, string | undefined>>): GitHubServer | string {
  const url = (env['GITHUB_API_URL'] || PUBLIC_API).replace(/\/+$/u, '')
  if (!mayHoldToken(url)) return 'GITHUB_API_URL is not an https address, and a token is not sent in the clear'
  return { url, token: env['GITHUB_TOKEN'] ?? '', timeoutMs: TIMEOUT_MS }
}

/** Whether a token may be sent to an address: encrypted, or to this machine itself. */
export function mayHoldToken(address: string): boolean {
  if (!URL.canParse(address)) return false
  const { protocol, hostname } = new URL(address)
  return protocol === 'https:' || (protocol === 'http:' && hostname === '127.0.0.1')
}

/**
 * Makes one request. Never throws for what the network or the server does: each fault is a sentence without the token. The
 * token goes into the header, to that server and to no other: redirects are not followed, and an address elsewhere is a
 * fault.
 */
export async function requestGitHub({ url, token, timeoutMs }: GitHubServer, request: GitHubRequest): Promise<GitHubAnswer> {
  const { method, address, body } = request
  const target = new URL(address, `${url}/`)
  if (target.origin !== new URL(url).origin) return failed('GitHub named a next page on another server')
  try {
    const response = await fetch(target, {
      method,
      headers: {
        accept: 'application/vnd.github+json',
        'user-agent': 'interlock',
        'x-github-api-version': '2022-11-28',
        ...(token === '' ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    })
    const text = await boundedText(response)
    if (text === undefined) return failed('the answer of GitHub is too large')
    const { status, headers } = response
    return {
      kind: 'answer',
      status,
      headers,
      body: parsed(text, response.ok && status !== 204),
      next: nextPage(headers.get('link')),
    }
  } catch (error) {
    if (error instanceof SyntaxError) return failed('the answer of GitHub is not JSON')
    return failed(faultOf(error, timeoutMs), true)
  }
}

/** Whether GitHub refused a request because there were too many. */
export function isRateLimit({ status, headers }: { readonly status: number; readonly headers: Headers }): boolean {
  if (status === 429) return true
  return status >= 400 && (headers.has('retry-after') || headers.get('x-ratelimit-remaining') === '0')
}

function failed(reason: string, isPassing = false): GitHubAnswer {
  return { kind: 'failed', reason, isPassing }
}

function parsed(text: string, isPromised: boolean): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (isPromised) throw error
    return undefined
  }
}

function faultOf(error: unknown, timeoutMs: number): string {
  const isTimeout = error instanceof Error && error.name === 'TimeoutError'
  return isTimeout ? `GitHub did not answer within ${timeoutMs / 1000} s` : 'GitHub cannot be reached'
}

async function boundedText({ body }: Response): Promise<string | undefined> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of body ?? []) {
    bytes += chunk.byteLength
    if (bytes > MOST_BYTES) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** The address of the next page in a `Link` header. */
function nextPage(link: string | null): string | undefined {
  const entries = (link ?? '').split(/,\s*(?=<)/u)
  return entries.map((entry) => /^<(?<address>[^>]+)>.*;\s*rel="next"/u.exec(entry)?.groups?.['address']).find(Boolean)
}
