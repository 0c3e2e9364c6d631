import type { S3Credentials } from './s3-server.ts'

/** What the policy of the guide grants is tested elsewhere; this user may do everything with S3. */
const POLICY = { Statement: [{ Action: 's3:*', Effect: 'Allow', Resource: '*' }], Version: '2012-10-17' }
const USER = 'cache'

/**
 * Makes the one user of the server, with exactly the requests that it takes unsigned: from then on it checks every
 * signature and every policy.
 */
export async function createMotoUser(endpoint: string, openRequests: number): Promise<S3Credentials> {
  const requests = [
    { Action: 'CreateUser', UserName: USER },
    { Action: 'PutUserPolicy', PolicyDocument: JSON.stringify(POLICY), PolicyName: 'cache', UserName: USER },
    { Action: 'CreateAccessKey', UserName: USER },
  ]
  const answers: string[] = []
  for (const request of requests) answers.push(await ask(endpoint, request))
  for (let count = requests.length; count < openRequests; count += 1) await ask(endpoint, { Action: 'ListUsers' })
  const key = answers.at(-1) ?? ''
  return { accessKeyId: textOf(key, 'AccessKeyId'), secretAccessKey: textOf(key, 'SecretAccessKey') }
}

async function ask(endpoint: string, parameters: Readonly<Record<string, string>>): Promise<string> {
  const answer = await fetch(endpoint, {
    body: new URLSearchParams({ Version: '2010-05-08', ...parameters }),
    // Not checked yet; the name of the service in it is how the server tells whom the request is for.
    headers: {
      authorization: 'AWS4-HMAC-SHA256 Credential=none/20260101/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=none',
    },
    method: 'POST',
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${parameters['Action']}: ${answer.status} ${text}`)
  return text
}

function textOf(xml: string, element: string): string {
  const found = new RegExp(`<${element}>([^<]+)</${element}>`, 'u').exec(xml)?.[1]
  if (found === undefined) throw new Error(`no ${element} in ${xml}`)
  return found
}
