import { HEADERS } from '../wire.ts'

/** What can go wrong on the way to the cache, in words that a person reads in the summary. */
export type FaultKind =
  | 'connection refused'
  | 'connection timed out'
  | 'connection reset'
  | 'host unknown'
  | 'TLS failed'
  /** Something answers, in plain text. */
  | 'no TLS'
  | 'no answer in time'
  | 'answer stalled'
  | 'answer cut short'
  | 'answer too large'
  | 'server error'
  | 'unexpected answer'
  | 'overloaded'
  | 'wrong digest'
  | 'no signature'
  | 'wrong signature'
  | 'not an artifact'
  | 'token exchange failed'
  | 'proxy failed'
  | 'disk failed'
  /** The breaker opened while this one waited for an answer. */
  | 'given up'
  | 'too many requests waiting'
  | 'shield gone'

/** A fault that is absorbed. `detail` is for `doctor` and holds no secret. */
export class Fault extends Error {
  override readonly name = 'Fault'
  readonly kind: FaultKind
  readonly detail: string

  constructor(kind: FaultKind, detail = '') {
    super(detail === '' ? kind : `${kind}: ${detail}`)
    this.kind = kind
    this.detail = detail
  }
}

const BY_CODE: Readonly<Record<string, FaultKind>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  EPIPE: 'connection reset',
  ETIMEDOUT: 'connection timed out',
  EHOSTUNREACH: 'connection refused',
  ENETUNREACH: 'connection refused',
  ENOTFOUND: 'host unknown',
  EAI_AGAIN: 'host unknown',
  EPROTO: 'TLS failed',
  ENOSPC: 'disk failed',
  EDQUOT: 'disk failed',
  EACCES: 'disk failed',
  EROFS: 'disk failed',
  EMFILE: 'disk failed',
  ENFILE: 'disk failed',
  ENOENT: 'disk failed',
  ENOTDIR: 'disk failed',
  EEXIST: 'disk failed',
  EIO: 'disk failed',
}

/** Whatever was thrown, as a fault. */
export function faultOf(thrown: unknown): Fault {
  if (thrown instanceof Fault) return thrown
  const code = codeOf(thrown)
  if (isPlainAnswer(code, thrown)) return new Fault('no TLS', code)
  const kind = BY_CODE[code] ?? (/CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO/u.test(code) ? 'TLS failed' : undefined)
  if (kind !== undefined) return new Fault(kind, code)
  return new Fault(code.startsWith('HPE_') ? 'unexpected answer' : 'connection reset', code)
}

/** OpenSSL's words for bytes that are no record of TLS; which of the codes stands there depends on the version of Node. */
function isPlainAnswer(code: string, thrown: unknown): boolean {
  const message = thrown instanceof Error ? thrown.message : ''
  return /SSL|EPROTO/u.test(code) && /wrong.version.number|packet.length.too.long|http.request/iu.test(`${code} ${message}`)
}

function codeOf(thrown: unknown): string {
  const { code, errors } = thrown as { readonly code?: unknown; readonly errors?: readonly unknown[] }
  if (typeof code === 'string') return code
  // Several addresses of one host were tried.
  return Array.isArray(errors) && errors.length > 0 ? codeOf(errors[0]) : ''
}

/** The word with which the server gives its reason; what is no such word is none, because people read it in the summary. */
export function reasonOf(headers: Readonly<Record<string, string | readonly string[] | undefined>>): string | undefined {
  const { [HEADERS.reason]: said } = headers
  return typeof said === 'string' && /^[a-z][a-z-]{0,39}$/u.test(said) ? said : undefined
}

/** Said of an address where something answers that is no cache, such as one with a wrong path. */
export function noCacheText(status: number, path: string): string {
  return `${NO_CACHE}: status ${status} to ${path}`
}

export const NO_CACHE = 'the address answers, and is no cache'
