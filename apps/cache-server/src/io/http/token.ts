import type { TokenAnswer } from '@interlock/cache/wire'
import { type Call, sendJson } from './answer.ts'
import { smallText } from './body.ts'
import type { Parts } from './parts.ts'

const GRANT_TYPE = 'urn:ietf:params:oauth:grant-type:token-exchange'
const SUBJECT_TYPES: readonly string[] = ['urn:ietf:params:oauth:token-type:id_token', 'urn:ietf:params:oauth:token-type:jwt']
const MAX_BYTES = 64 * 1024

/** `POST /v1/token`: an identity token of an issuer for a token of this cache, as RFC 8693 has it. */
export async function answerToken(parts: Parts, call: Call): Promise<void> {
  if (call.request.method !== 'POST') return problem(call, 405, { error: 'invalid_request', error_description: 'POST a form' })
  const form = new URLSearchParams((await smallText(call.request, { ...parts.limits.drain, bytes: MAX_BYTES })) ?? '')
  const subject = form.get('subject_token')
  if (form.get('grant_type') !== GRANT_TYPE)
    return problem(call, 400, { error: 'unsupported_grant_type', error_description: `grant_type has to be ${GRANT_TYPE}` })
  if (subject === null || subject === '' || !SUBJECT_TYPES.includes(form.get('subject_token_type') ?? '')) {
    return problem(call, 400, { error: 'invalid_request', error_description: 'subject_token or subject_token_type is missing' })
  }
  const exchange = await parts.authority.exchange(subject)
  switch (exchange.kind) {
    case 'invalid':
      parts.metrics.denied('unknown')
      return problem(call, 401, { error: 'invalid_grant', error_description: exchange.reason })
    case 'denied':
      parts.metrics.denied('forbidden')
      return problem(call, 403, { error: 'access_denied', error_description: exchange.reason })
    case 'granted': {
      const { token, expiresIn, grant } = exchange
      const answer: TokenAnswer = {
        access_token: token,
        token_type: 'Bearer',
        issued_token_type: 'urn:ietf:params:oauth:token-type:jwt',
        expires_in: expiresIn,
        workspace: grant.workspace,
        read: grant.read,
        write: grant.write ?? null,
        rule: grant.rule,
      }
      return sendJson(call, 200, { value: answer, headers: { pragma: 'no-cache' } })
    }
  }
}

interface OAuthProblem {
  readonly error: string
  readonly error_description: string
}

function problem(call: Call, status: number, value: OAuthProblem): void {
  sendJson(call, status, { value })
}
