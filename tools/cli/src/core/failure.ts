import { EXIT, InterlockError } from '@interlock/kit'

/** How a thrown value leaves the command: the text for stderr, the document for `--json`, the exit status. */
export interface Failure {
  readonly status: number
  readonly prose: string
  readonly data: { readonly error: FailureData }
}

interface FailureData {
  readonly code: string
  readonly message: string
  readonly file?: string
  readonly hint?: string
  readonly retryable: boolean
}

/** An `InterlockError` keeps its own words and exit status; anything else is a defect and shows where it came from. */
export function describeFailure(thrown: unknown): Failure {
  if (thrown instanceof InterlockError) {
    return {
      status: thrown.exitStatus,
      prose: thrown.message,
      data: {
        error: {
          code: thrown.code,
          message: thrown.message,
          ...(thrown.file === undefined ? {} : { file: thrown.file }),
          ...(thrown.hint === undefined ? {} : { hint: thrown.hint }),
          retryable: thrown.retryable,
        },
      },
    }
  }
  const message = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)
  return {
    status: EXIT.environment,
    prose: `DEFECT: ${message}\n\nhint: this is a defect of Interlock; please report it with the text above`,
    data: { error: { code: 'DEFECT', message, retryable: false } },
  }
}
