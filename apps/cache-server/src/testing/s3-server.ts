import { spawn, type ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import type { S3Section } from '../core/config/store-section.ts'
import { createMotoUser, openRequestsOf, type MotoUser } from './moto-user.ts'

/** A real S3 server on loop-back, which checks signatures. */
export interface S3Server {
  readonly endpoint: string
  readonly credentials: S3Credentials
  /** A client with which tests look at the bucket, and change it, behind the back of a store. */
  readonly client: S3Client
  /** Makes an empty bucket. */
  readonly bucket: () => Promise<string>
  readonly stop: () => Promise<void>
}

export interface S3Credentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

export const REGION = 'us-east-1'
/** May do everything with S3. */
const USER: MotoUser = {
  buckets: [],
  policy: { Statement: [{ Action: 's3:*', Effect: 'Allow', Resource: '*' }], Version: '2012-10-17' },
}
const PLACE = process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python'
const PYTHON = fileURLToPath(new URL(`../../../../.tools/services/python/${PLACE}`, import.meta.url))
const MOTO = fileURLToPath(new URL('moto_server.py', import.meta.url))

/** Why there is no server here: tests that need one are then skipped and say so. */
export const s3Missing: string | undefined = existsSync(PYTHON)
  ? undefined
  : 'there is no S3 server in .tools/services: npm run setup installs it'

/** `checksSignatures`: true when absent. `user`: what the credentials may do, everything when absent. */
export async function startS3Server({ checksSignatures = true, user = USER } = {}): Promise<S3Server> {
  const unsigned = checksSignatures ? { INITIAL_NO_AUTH_ACTION_COUNT: String(openRequestsOf(user)) } : {}
  const child = spawn(PYTHON, [MOTO], { env: { ...process.env, ...unsigned }, stdio: ['ignore', 'ignore', 'pipe'] })
  const endpoint = await addressOf(child)
  return serverOf(endpoint, await createMotoUser(endpoint, user), child)
}

/** Wraps a server that runs already. */
export function serverOf(endpoint: string, credentials: S3Credentials, child: ChildProcess): S3Server {
  const client = new S3Client({ credentials, endpoint, forcePathStyle: true, region: REGION })
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const kill = (): void => void child.kill('SIGKILL')
  process.once('exit', kill)
  return {
    client,
    credentials,
    endpoint,
    bucket: async () => {
      const Bucket = `bucket-${randomUUID()}`
      await client.send(new CreateBucketCommand({ Bucket }))
      return Bucket
    },
    stop: async () => {
      process.off('exit', kill)
      client.destroy()
      kill()
      await exited
    },
  }
}

/** The section of cache-server.yaml for a bucket of a test. */
export function sectionOf(bucket: string, endpoint: string, more: Partial<S3Section> = {}): S3Section {
  return { kind: 's3', bucket, endpoint, forcePathStyle: true, prefix: '', region: REGION, stagingLimit: 2 ** 30, ...more }
}

/** The environment in which the SDK finds these credentials first, and looks nowhere else. */
export function credentialsIn({ accessKeyId, secretAccessKey }: S3Credentials): Record<string, string> {
  return { AWS_ACCESS_KEY_ID: accessKeyId, AWS_EC2_METADATA_DISABLED: 'true', AWS_SECRET_ACCESS_KEY: secretAccessKey }
}

async function addressOf(child: ChildProcess): Promise<string> {
  let said = ''
  return new Promise((resolve, reject) => {
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      // What it says later is read too, or the pipe would fill up and stop it.
      if (said.length < 10_000) said += text
      const found = /Running on (http:\/\/127\.0\.0\.1:\d+)/u.exec(said)?.[1]
      if (found !== undefined) resolve(found)
    })
    child.once('error', reject)
    child.once('exit', (status) => reject(new Error(`the S3 server ended with ${status}: ${said}`)))
  })
}
