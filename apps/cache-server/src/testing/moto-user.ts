import type { S3Credentials } from './s3-server.ts'

export interface MotoUser {
  /** What the user may do. */
  readonly policy: object
  /** Buckets that are made before. */
  readonly buckets: readonly string[]
}

const USER = 'cache'
const IAM = 'AWS4-HMAC-SHA256 Credential=none/20260101/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=none'

/** How many requests the server has to take without a signature. */
export function openRequestsOf({ buckets }: MotoUser): number {
  return buckets.length + 3
}

/**
 * Makes the one user of the server, with exactly the requests that it takes unsigned: from then on it checks every
 * signature and every policy.
 */
export async function createMotoUser(endpoint: string, { buckets, policy }: MotoUser): Promise<S3Credentials> {
  for (const bucket of buckets) await expectOk(bucket, fetch(`${endpoint}/${bucket}`, { method: 'PUT' }))
  await ask(endpoint, { Action: 'CreateUser', UserName: USER })
  await ask(endpoint, { Action: 'PutUserPolicy', PolicyDocument: JSON.stringify(policy), PolicyName: 'cache', UserName: USER })
  const key = await ask(endpoint, { Action: 'CreateAccessKey', UserName: USER })
  return { accessKeyId: textOf(key, 'AccessKeyId'), secretAccessKey: textOf(key, 'SecretAccessKey') }
}

async function ask(endpoint: string, parameters: Readonly<Record<string, string>>): Promise<string> {
  const body = new URLSearchParams({ Version: '2010-05-08', ...parameters })
  // Not checked yet; the name of the service in it is how the server tells whom the request is for.
  return expectOk(parameters['Action'] ?? '', fetch(endpoint, { body, headers: { authorization: IAM }, method: 'POST' }))
}

async function expectOk(what: string, sent: Promise<Response>): Promise<string> {
  const answer = await sent
  const said = await answer.text()
  if (!answer.ok) throw new Error(`${what}: ${answer.status} ${said}`)
  return said
}

function textOf(xml: string, element: string): string {
  const found = new RegExp(`<${element}>([^<]+)</${element}>`, 'u').exec(xml)?.[1]
  if (found === undefined) throw new Error(`no ${element} in ${xml}`)
  return found
}
