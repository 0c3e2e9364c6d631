import { classOf, type ErrorCode, type ExitStatus } from './error-codes.ts'

export interface ErrorDetails {
  /** Workspace-relative file, with `:line:column` when they are known. */
  readonly file?: string | undefined
  /** What the user can do about it. */
  readonly hint?: string | undefined
  readonly cause?: unknown
}

/** An error that a user can act on. Anything else that is thrown is a defect of Interlock. */
export class InterlockError extends Error {
  override readonly name = 'InterlockError'
  readonly code: ErrorCode
  /** What failed and why, without code, file and hint. */
  readonly reason: string
  readonly file: string | undefined
  readonly hint: string | undefined

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(formatError({ code, message, ...details }), details.cause === undefined ? undefined : { cause: details.cause })
    this.code = code
    this.reason = message
    this.file = details.file
    this.hint = details.hint
  }

  get exitStatus(): ExitStatus {
    return classOf(this.code).exit
  }

  get retryable(): boolean {
    return classOf(this.code).retryable
  }
}

/** `CODE: file: message`, a blank line and `hint: …` when there is one. */
function formatError(error: { code: ErrorCode; message: string } & ErrorDetails): string {
  const place = error.file === undefined ? '' : `${error.file}: `
  const hint = error.hint === undefined ? '' : `\n\nhint: ${error.hint}`
  return `${error.code}: ${place}${error.message}${hint}`
}
