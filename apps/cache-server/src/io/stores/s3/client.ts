import { InterlockError } from '@interlock/kit'
import type { S3Client } from '@aws-sdk/client-s3'
import type { S3Section } from '../../../core/config/store-section.ts'
import { ATTEMPTS, type Timing } from './timing.ts'

export type Sdk = typeof import('@aws-sdk/client-s3')

/** The SDK and a client of it for one bucket. */
export interface Client {
  readonly sdk: Sdk
  readonly s3: S3Client
  readonly bucket: string
}

/** A burst of 300 requests for artifacts must not wait for sockets. */
const MAX_SOCKETS = 256

export type LoadSdk = () => Promise<Sdk>
const loadSdk: LoadSdk = async () => import('@aws-sdk/client-s3')

/** Loads the SDK, which only servers with a bucket need to have, and makes a client. Nothing is sent yet. */
export async function openClient(section: S3Section, timing: Timing, load: LoadSdk = loadSdk): Promise<Client> {
  const sdk = await load().catch((error: unknown) => {
    throw isMissing(error) ? sdkMissing() : error
  })
  const s3 = new sdk.S3Client({
    ...(section.region === undefined ? {} : { region: section.region }),
    ...(section.endpoint === undefined ? {} : { endpoint: section.endpoint }),
    forcePathStyle: section.forcePathStyle,
    maxAttempts: ATTEMPTS,
    // Servers other than Amazon's know no trailing checksums; every body is in memory and covered by the signature.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    // One more round trip, on a connection that is not kept, to spare a body that is seldom refused.
    expectContinueHeader: false,
    requestHandler: {
      connectionTimeout: timing.connect,
      requestTimeout: timing.firstByte,
      throwOnRequestTimeout: true,
      socketTimeout: timing.stall,
      httpAgent: { keepAlive: true, maxSockets: MAX_SOCKETS },
      httpsAgent: { keepAlive: true, maxSockets: MAX_SOCKETS },
    },
  })
  return { bucket: section.bucket, s3, sdk }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND'
}

function sdkMissing(): InterlockError {
  return new InterlockError('TOOL_MISSING', 'a store of kind "s3" needs the package @aws-sdk/client-s3, which is not installed', {
    hint: 'npm install @aws-sdk/client-s3@3',
  })
}
