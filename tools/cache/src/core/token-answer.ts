import type { TokenAnswer } from '../wire.ts'

/** What a session may do, as the cache granted it. */
export interface Granted {
  readonly token: string
  readonly workspace: string
  readonly read: readonly string[]
  readonly write: string | null
  readonly rule: string
  /** Seconds. */
  readonly expiresIn: number
}

/** Reads the answer of `POST /v1/token`; `undefined` for anything else. */
export function readTokenAnswer(text: string): Granted | undefined {
  const { access_token: token, expires_in: expiresIn, ...rest } = objectIn(text) as Partial<TokenAnswer>
  if (typeof token !== 'string' || !/^[\x21-\x7e]+$/u.test(token)) return undefined
  if (typeof expiresIn !== 'number' || !Number.isFinite(expiresIn) || expiresIn <= 0) return undefined
  const { workspace = '', read = [], write = null, rule = '' } = rest
  const names: readonly unknown[] = Array.isArray(read) ? [workspace, rule, write ?? '', ...read] : [undefined]
  return names.every(isName) ? { token, expiresIn, workspace, read, write, rule } : undefined
}

/** A terminal is shown what stands here, so it holds no control characters. */
function isName(value: unknown): boolean {
  return typeof value === 'string' && !/\p{Cc}/u.test(value)
}

/** The identity token in GitHub's answer. */
export function readIdToken(text: string): string | undefined {
  const { value } = objectIn(text) as { readonly value?: unknown }
  return typeof value === 'string' && /^[\x21-\x7e]+$/u.test(value) ? value : undefined
}

/** What an RFC 6749 error answer says, for people. */
export function readRefusal(text: string): string {
  const { error, error_description: description } = objectIn(text) as {
    readonly error?: unknown
    readonly error_description?: unknown
  }
  const words = [error, description].filter((word) => typeof word === 'string').join(': ')
  return words.replaceAll(/[^\x20-\x7e]+/gu, ' ').slice(0, 300)
}

function objectIn(text: string): object {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : {}
  } catch {
    return {}
  }
}
