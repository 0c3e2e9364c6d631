import { Agent, request } from 'node:http'
import type { Subject } from './subjects.ts'

/** Requests that are sent together. */
export interface Load {
  readonly method: 'GET' | 'PUT'
  /** The name of the artifact of the n-th request. */
  readonly name: (index: number) => string
  readonly body?: Buffer
  readonly requests: number
  readonly atOnce: number
  /** Whether connections are used again; true when absent. */
  readonly keepAlive?: boolean
}

export interface Sent {
  readonly seconds: number
  /** Requests that were answered as they should be. */
  readonly done: number
  /** Of bodies, in the direction of the request's kind. */
  readonly bytes: number
  /** What went wrong, one for each request. */
  readonly errors: readonly string[]
}

export async function send(subject: Subject, load: Load): Promise<Sent> {
  const agent = new Agent({ keepAlive: load.keepAlive ?? true, maxSockets: load.atOnce })
  const errors: string[] = []
  let [next, bytes, done] = [0, 0, 0]
  const lane = async (): Promise<void> => {
    while (next < load.requests) {
      const index = next
      next += 1
      try {
        const moved = await one(subject, load, { agent, index })
        bytes += moved
        done += 1
      } catch (error) {
        errors.push(error instanceof Error ? error.message : String(error))
      }
    }
  }
  const begin = performance.now()
  await Promise.all(Array.from({ length: load.atOnce }, lane))
  agent.destroy()
  return { bytes, done, errors, seconds: (performance.now() - begin) / 1000 }
}

async function one(
  { url, token }: Subject,
  { method, name, body }: Load,
  { agent, index }: { agent: Agent; index: number },
): Promise<number> {
  const headers = {
    authorization: `Bearer ${token}`,
    ...(body === undefined ? {} : { 'content-length': body.length, 'content-type': 'application/octet-stream' }),
  }
  return new Promise((resolve, reject) => {
    const sent = request(`${url}/v8/artifacts/${name(index)}?slug=local`, { agent, headers, method }, (answer) => {
      let received = 0
      answer.on('data', (chunk: Buffer) => (received += chunk.length))
      answer.on('error', reject)
      answer.on('end', () => {
        const { statusCode = 0 } = answer
        if (statusCode < 200 || statusCode > 299) reject(new Error(`status ${statusCode}`))
        else resolve(method === 'GET' ? received : (body?.length ?? 0))
      })
    })
    sent.on('error', reject)
    sent.end(body)
  })
}
