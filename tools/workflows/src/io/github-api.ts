import { setTimeout as pause } from 'node:timers/promises'
import { InterlockError, redact } from '@interlock/kit'
import {
  type GitHubAnswer,
  type GitHubRequest,
  type GitHubServer,
  githubServer as serverOf,
  isRateLimit,
  mayHoldToken,
  requestGitHub,
} from '@interlock/nx/github'
import type { z } from 'zod'

type Environment = Readonly<Record<string, string | undefined>>

/** Where and as whom GitHub's API is asked. */
export interface GitHub {
  readonly rest: GitHubServer
  /** The address of GraphQL, on a server that may be another one. */
  readonly graphqlUrl: string
}

/** A question is asked again after these times, where the network or the server failed; a change is never made twice. */
const PAUSES_MS = [300, 1200]

const PAGE_SIZE = 100

/** GitHub lists no more than 3000 files of a pull request. */
const MOST_PAGES = 30

/**
 * The servers that GitHub Actions names in the environment.
 *
 * @throws InterlockError `CONFIG_INVALID` for an address to which a token would go in the clear.
 */
export function githubOf(env: Environment): GitHub {
  const rest = serverOf(env)
  if (typeof rest === 'string') throw new InterlockError('CONFIG_INVALID', rest)
  const graphqlUrl = env['GITHUB_GRAPHQL_URL'] || `${rest.url}/graphql`
  if (mayHoldToken(graphqlUrl)) return { rest, graphqlUrl }
  throw new InterlockError('CONFIG_INVALID', 'GITHUB_GRAPHQL_URL is not an https address, and a token is not sent in the clear')
}

/** A path of names as they are: none can add a segment, leave one out, or start a query. */
export function githubPath(...names: readonly (string | number)[]): string {
  const odd = names.find((name) => /^(?:\.{1,2})?$/u.test(String(name)))
  if (odd !== undefined)
    throw new InterlockError('CONFIG_INVALID', `${JSON.stringify(odd)} is not the name of anything on GitHub`)
  return names.map((name) => `/${encodeURIComponent(name)}`).join('')
}

/** A request below the address of the server, with a slash before the path. */
export interface PathRequest extends Omit<GitHubRequest, 'address'> {
  readonly path: string
}

/**
 * Makes one request and returns what GitHub answered.
 *
 * @throws InterlockError `GITHUB_UNREACHABLE` where another try may help, `GITHUB_REFUSED` where it will not.
 */
export async function askGitHub({ rest }: GitHub, { path, ...request }: PathRequest): Promise<unknown> {
  return exchange(rest, { ...request, address: `${rest.url}${path}`, shown: `${request.method} ${path}` })
}

/** Every item of a list, over all its pages. `itemsOf` takes them out of an answer that wraps them. Throws as `askGitHub`. */
export async function listGitHub(
  github: GitHub,
  path: string,
  itemsOf: (answer: unknown) => unknown = (answer) => answer,
): Promise<unknown[]> {
  const all: unknown[] = []
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const address = `${path}${path.includes('?') ? '&' : '?'}per_page=${PAGE_SIZE}&page=${page}`
    const items = itemsOf(await askGitHub(github, { method: 'GET', path: address }))
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
export async function mutateGitHub(
  { rest, graphqlUrl }: GitHub,
  { mutation, input }: GitHubMutation,
): Promise<readonly string[]> {
  const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input`
  const query = `mutation ($input: ${type}!) { ${mutation}(input: $input) { clientMutationId } }`
  const body = { query, variables: { input } }
  const shown = `POST /graphql ${mutation}`
  const answer = await exchange({ ...rest, url: graphqlUrl }, { method: 'POST', body, address: graphqlUrl, shown })
  const { errors, data } = (answer ?? {}) as {
    readonly errors?: unknown
    readonly data?: Readonly<Record<string, unknown>> | null
  }
  if (Array.isArray(errors) && errors.length > 0) {
    return (errors as readonly { readonly message?: unknown }[]).map(({ message }) => words(rest.token, message))
  }
  if ((data?.[mutation] ?? undefined) === undefined) throw undocumented(shown)
  return []
}

/** The fields of an answer that are read. Throws `GITHUB_REFUSED` where the answer is not what GitHub documents. */
export function documented<Schema extends z.ZodType>(schema: Schema, answer: unknown, what: string): z.output<Schema> {
  const result = schema.safeParse(answer)
  if (result.success) return result.data
  throw undocumented(what)
}

function undocumented(what: string): InterlockError {
  return new InterlockError('GITHUB_REFUSED', `${what}: the answer is not what GitHub documents`)
}

interface Exchange extends GitHubRequest {
  /** For messages. */
  readonly shown: string
}

async function exchange(server: GitHubServer, wanted: Exchange): Promise<unknown> {
  for (const wait of wanted.method === 'GET' ? PAUSES_MS : []) {
    const answer = await requestGitHub(server, wanted)
    if (!isPassing(answer)) return bodyOf(answer, wanted, server.token)
    await pause(wait)
  }
  return bodyOf(await requestGitHub(server, wanted), wanted, server.token)
}

/** Whether another try may help at once. */
function isPassing(answer: GitHubAnswer): boolean {
  return answer.kind === 'failed' ? answer.isPassing : answer.status >= 500
}

function bodyOf(answer: GitHubAnswer, { shown }: Exchange, token: string): unknown {
  if (answer.kind === 'failed') {
    throw new InterlockError(answer.isPassing ? 'GITHUB_UNREACHABLE' : 'GITHUB_REFUSED', `${shown}: ${answer.reason}`)
  }
  const { status, body } = answer
  if (status >= 200 && status < 300) return body
  const { message } = (body ?? {}) as { readonly message?: unknown }
  const said = message === undefined ? '' : ` (${words(token, message)})`
  const text = `${shown}: GitHub answered ${status}${said}`
  if (isRateLimit(answer))
    throw new InterlockError('GITHUB_UNREACHABLE', text, { hint: 'too many requests: wait, then run it again' })
  if (status >= 500) throw new InterlockError('GITHUB_UNREACHABLE', text)
  throw new InterlockError('GITHUB_REFUSED', text, { hint: HINTS.get(status) })
}

const HINTS: ReadonlyMap<number, string> = new Map([
  [401, 'GITHUB_TOKEN is not valid any more'],
  [403, 'give the job of the token the permission that this needs; a label that is not there yet needs issues: write'],
  [404, 'it is not there, or the token may not see it'],
])

/** Words of the server, in one line: they may repeat what a stranger wrote. */
function words(token: string, message: unknown): string {
  const text = typeof message === 'string' ? message : 'no reason given'
  return redact(text, [token])
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .slice(0, 200)
}
