import { meaningOf, type BadAnswer, type Meaning } from '../../../core/bucket/answers.ts'
import { StoreFault } from '../../store.ts'

/** A fault with what the operator can do about it, where that is known. */
export class BucketFault extends StoreFault {
  readonly hint: string | undefined

  constructor({ reason, text, hint }: Meaning, doing: string) {
    super(reason, `${doing}: ${text}`)
    this.hint = hint
  }
}

/**
 * A fault of the bucket, from what the SDK threw. The error itself is not kept as a cause: it holds the request with its
 * signature, and would be written to the log with it.
 */
export function bucketFault(error: unknown, doing: string): StoreFault {
  if (error instanceof StoreFault) return error
  return new BucketFault(meaningOf(answerOf(error)), doing)
}

/** Runs what talks to the bucket, and turns what goes wrong into a `StoreFault`. */
export async function onBucket<Value>(doing: string, work: () => Promise<Value>): Promise<Value> {
  try {
    return await work()
  } catch (error) {
    throw bucketFault(error, doing)
  }
}

/** Name and status of what the SDK threw. */
export function answerOf(error: unknown): BadAnswer {
  if (!(error instanceof Error)) return { name: 'Unknown' }
  const { code, $metadata } = error as { code?: unknown; $metadata?: { httpStatusCode?: number } }
  const status = $metadata?.httpStatusCode
  const name = status === undefined && typeof code === 'string' && error.name !== 'TimeoutError' ? code : error.name
  return { name, ...(status === undefined ? {} : { status }) }
}
