import { fileOf, CI_WORKFLOW } from '../core/gate-runs.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** Where and as whom GitHub's REST API is asked. */
export interface GitHubApi {
  /** Without a slash at the end. */
  readonly url: string
  readonly token: string
  /** `owner/name`. */
  readonly repository: string
  /** The file of the workflow that is running, without its folder. */
  readonly workflow: string
}

/** What a question came to. Neither holds anything that the server said in words. */
export type ApiAnswer =
  | { readonly kind: 'answer'; readonly body: unknown; readonly next: string | undefined }
  | { readonly kind: 'failed'; readonly reason: string }

const PUBLIC_API = 'https://api.github.com'

/** Time for one answer. */
const TIMEOUT_MS = 15_000

/** A page of a hundred runs takes about 2 MB. */
const MOST_BYTES = 32 * 2 ** 20

/** The API of the run that this process belongs to, or one sentence on why it cannot be asked. */
export function githubApi(env: Environment, repositoryOfEvent: string | undefined): GitHubApi | string {
  const token = env['GITHUB_TOKEN'] ?? ''
  if (token === '') return 'there is no GITHUB_TOKEN to ask GitHub with'
  const url = (env['GITHUB_API_URL'] ?? '') === '' ? PUBLIC_API : (env['GITHUB_API_URL'] ?? '').replace(/\/+$/u, '')
  if (!mayHoldToken(url)) return 'GITHUB_API_URL is not an https address, and a token is not sent in the clear'
  const repository = (env['GITHUB_REPOSITORY'] ?? '') === '' ? repositoryOfEvent : env['GITHUB_REPOSITORY']
  if (repository === undefined || !/^(?!\.)[\w.-]+\/(?!\.{1,2}$)[\w.-]+$/u.test(repository)) {
    return 'neither GITHUB_REPOSITORY nor the event names a repository'
  }
  return { url, token, repository, workflow: fileOf(env['GITHUB_WORKFLOW_REF'] ?? '') ?? CI_WORKFLOW }
}

/**
 * Asks one question. Never throws for what the network or the server does: each fault is a sentence, without the token and
 * without the server's words. The token goes to the server that the environment names and to no other: redirects are not
 * followed, and a next page elsewhere is a fault.
 */
export async function askGitHub({ url, token }: GitHubApi, address: string): Promise<ApiAnswer> {
  const target = new URL(address, `${url}/`)
  if (target.origin !== new URL(url).origin) return failed('GitHub named a next page on another server')
  try {
    const response = await fetch(target, {
      headers: {
        accept: 'application/vnd.github+json',
        authorization: `Bearer ${token}`,
        'user-agent': 'interlock',
        'x-github-api-version': '2022-11-28',
      },
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    if (response.status !== 200) {
      await response.body?.cancel()
      return failed(refusalOf(response))
    }
    const text = await boundedText(response)
    if (text === undefined) return failed('the answer of GitHub is too large')
    return { kind: 'answer', body: JSON.parse(text), next: nextPage(response.headers.get('link')) }
  } catch (error) {
    return failed(faultOf(error))
  }
}

function mayHoldToken(url: string): boolean {
  if (!URL.canParse(url)) return false
  const { protocol, hostname } = new URL(url)
  return protocol === 'https:' || (protocol === 'http:' && hostname === '127.0.0.1')
}

function failed(reason: string): ApiAnswer {
  return { kind: 'failed', reason }
}

function refusalOf({ status, headers }: Response): string {
  const isLimit = status === 429 || headers.get('x-ratelimit-remaining') === '0' || headers.has('retry-after')
  if (isLimit) return `GitHub answered ${status}: too many requests`
  if (status === 401) return 'GitHub answered 401: it does not accept the token'
  if (status === 403) return 'GitHub answered 403: the token may not read the runs of workflows (permission "actions: read")'
  if (status === 404) return 'GitHub answered 404: it knows no such workflow, or does not show it to this token'
  return `GitHub answered ${status}`
}

function faultOf(error: unknown): string {
  if (error instanceof SyntaxError) return 'the answer of GitHub is not JSON'
  const isTimeout = error instanceof Error && error.name === 'TimeoutError'
  return isTimeout ? `GitHub did not answer within ${TIMEOUT_MS / 1000} s` : 'GitHub cannot be reached'
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
