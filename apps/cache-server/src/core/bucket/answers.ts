/** What an S3 server or the way to it did, without anything that could hold a secret. */
export interface BadAnswer {
  /** The name of the error: `NoSuchBucket`, `TimeoutError`, `ECONNREFUSED`. */
  readonly name: string
  /** Absent when no answer came. */
  readonly status?: number | undefined
}

export interface Meaning {
  readonly reason: 'full' | 'unavailable'
  /** The end of a sentence that begins with what was tried. */
  readonly text: string
  /** What the operator can do; absent where only waiting helps. */
  readonly hint?: string
}

const RIGHTS = 'compare the policy of the credentials with the one in the guide (guides/cache-s3)'
const CREDENTIALS = 'the usual chain of the SDK is asked: environment, shared files, web identity, container, instance'
const REGION = 'set `region` in cache-server.yaml, or AWS_REGION'

/** By the name that the server or the SDK gives to the error. Sorted. */
const MEANINGS: Readonly<Record<string, Omit<Meaning, 'reason'>>> = {
  AccessDenied: { text: 'the credentials do not allow it', hint: RIGHTS },
  AuthorizationHeaderMalformed: { text: 'the request was signed for another region', hint: REGION },
  CredentialsProviderError: { text: 'there are no credentials', hint: CREDENTIALS },
  ECONNREFUSED: { text: 'nothing listens at the address', hint: 'check `endpoint` in cache-server.yaml' },
  ENOTFOUND: { text: 'the host name is not known', hint: 'check `endpoint`, `region` and `forcePathStyle` in cache-server.yaml' },
  ExpiredToken: { text: 'the credentials have expired', hint: CREDENTIALS },
  InvalidAccessKeyId: { text: 'the access key is not known to the server', hint: CREDENTIALS },
  InvalidBucketName: { text: 'the server takes no bucket of that name', hint: 'check `bucket` in cache-server.yaml' },
  NoSuchBucket: {
    text: 'there is no such bucket',
    hint: 'create it first, or check `bucket` and `endpoint` in cache-server.yaml',
  },
  PermanentRedirect: { text: 'the bucket is in another region', hint: REGION },
  RequestTimeTooSkewed: { text: 'the clocks of this machine and the server differ too much', hint: 'set the clock' },
  SignatureDoesNotMatch: { text: 'the secret key is wrong', hint: CREDENTIALS },
  TimeoutError: { text: 'no answer came in time' },
}
const FULL = new Set(['EntityTooLarge', 'InsufficientStorage', 'QuotaExceeded', 'XMinioStorageFull'])

/** What an answer means, in words. */
export function meaningOf({ name, status }: BadAnswer): Meaning {
  if (FULL.has(name) || status === 507) return { reason: 'full', text: `there is no room (${name})` }
  const known = MEANINGS[name]
  const answer = status === undefined ? name : `${status} ${name}`
  if (known !== undefined) return { reason: 'unavailable', ...known, text: `${known.text} (${answer})` }
  if (status === 403) return { reason: 'unavailable', text: `the server refuses it (${answer})`, hint: RIGHTS }
  if (status === 301) return { reason: 'unavailable', text: `the bucket is elsewhere (${answer})`, hint: REGION }
  return {
    reason: 'unavailable',
    text: status === undefined ? `the connection failed (${answer})` : `the server answered ${answer}`,
  }
}
