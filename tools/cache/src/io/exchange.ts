import type { IncomingMessage } from 'node:http'
import { Fault, faultOf, noCacheText } from '../core/fault.ts'
import type { Credential, ShieldSettings } from '../core/settings.ts'
import { type Granted, readIdToken, readRefusal, readTokenAnswer } from '../core/token-answer.ts'
import { PATHS } from '../wire.ts'
import type { Agents } from './agents.ts'
import { type Asked, BOUNDS, send } from './request.ts'
import { spool } from './spool.ts'

/** What became of an identity token. */
export type ExchangeResult =
  | { readonly kind: 'granted'; readonly granted: Granted }
  /** The cache, or the CI service, said no: asking again changes nothing. */
  | { readonly kind: 'denied'; readonly reason: string }

const MOST_BYTES = 64 * 1024

/**
 * Exchanges an identity token for a session at `POST /v1/token` (RFC 8693).
 *
 * @throws Fault
 */
export async function exchange(
  agents: Agents,
  { url, audience }: Pick<ShieldSettings, 'url' | 'audience'>,
  credential: Exclude<Credential, { readonly kind: 'none' | 'static' | 'unusable' }>,
): Promise<ExchangeResult> {
  const subject = credential.kind === 'github' ? await githubToken(agents, credential, audience) : credential.token
  if (subject === undefined)
    return { kind: 'denied', reason: 'GitHub gives this job no identity token: it needs `id-token: write`' }
  const body = Buffer.from(
    new URLSearchParams({
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      subject_token: subject,
      subject_token_type: 'urn:ietf:params:oauth:token-type:id_token',
      audience,
    }).toString(),
  )
  const answer = await ask(agents, `${url}${PATHS.token}`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', 'content-length': body.length, accept: 'application/json' },
    body: () => body,
  })
  if (answer.status === 200) {
    const granted = readTokenAnswer(answer.text)
    if (granted === undefined) throw new Fault('token exchange failed', 'the answer is no token')
    return { kind: 'granted', granted }
  }
  if (answer.status === 429 || answer.status >= 500) throw new Fault('token exchange failed', `status ${answer.status}`)
  const refusal = readRefusal(answer.text)
  const isCache = refusal !== '' || ![404, 405].includes(answer.status)
  return { kind: 'denied', reason: isCache ? refusal || `status ${answer.status}` : noCacheText(answer.status, PATHS.token) }
}

/** GitHub signs a new token for each request, so that one that was used once is not needed again. */
async function githubToken(
  agents: Agents,
  { url, token }: Extract<Credential, { readonly kind: 'github' }>,
  audience: string,
): Promise<string | undefined> {
  if (!URL.canParse(url)) throw new Fault('token exchange failed', 'ACTIONS_ID_TOKEN_REQUEST_URL is not an address')
  const target = new URL(url)
  target.searchParams.set('audience', audience)
  const { status, text } = await ask(agents, target.href, {
    method: 'GET',
    headers: { authorization: `Bearer ${token}`, accept: 'application/json' },
  })
  if (status >= 500 || status === 429) throw new Fault('token exchange failed', `GitHub answers with status ${status}`)
  return status === 200 ? readIdToken(text) : undefined
}

/**
 * Sends a request and reads the answer as text.
 *
 * @throws Fault
 */
export async function ask(agents: Agents, url: string, asked: Asked): Promise<Answer> {
  try {
    const response = await send(agents, new URL(url), asked)
    return { status: response.statusCode ?? 0, text: await textOf(response), headers: response.headers }
  } catch (error) {
    throw faultOf(error)
  }
}

export interface Answer {
  readonly status: number
  readonly text: string
  readonly headers: IncomingMessage['headers']
}

async function textOf(response: IncomingMessage): Promise<string> {
  const bounds = { most: MOST_BYTES, inMemory: MOST_BYTES, stall: BOUNDS.stall, length: undefined }
  return (await spool(response, undefined, bounds)).bytes?.toString('utf8') ?? ''
}
