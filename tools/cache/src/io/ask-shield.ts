import { request } from 'node:http'
import type { Handshake } from './handshake.ts'

export interface ShieldQuestion {
  readonly path: string
  /** Makes it a POST. */
  readonly body?: object
  readonly milliseconds: number
}

/** Asks a shield one of the questions that are not Nx's. Rejects when it does not answer in time. */
export async function askShield({ port, secret }: Handshake, { path, body, milliseconds }: ShieldQuestion): Promise<unknown> {
  const sent = body === undefined ? undefined : JSON.stringify(body)
  return new Promise((resolve, reject) => {
    const asked = request(
      {
        host: '127.0.0.1',
        port,
        path,
        method: sent === undefined ? 'GET' : 'POST',
        headers: {
          host: `127.0.0.1:${port}`,
          authorization: `Bearer ${secret}`,
          ...(sent === undefined ? {} : { 'content-length': Buffer.byteLength(sent) }),
        },
        agent: false,
        signal: AbortSignal.timeout(milliseconds),
      },
      (response) => {
        let text = ''
        response.setEncoding('utf8')
        response.on('data', (piece: string) => (text += piece))
        response.once('error', reject)
        response.once('end', () => {
          if (response.statusCode !== 200) return reject(new Error(`status ${response.statusCode}`))
          try {
            resolve(JSON.parse(text) as unknown)
          } catch (error) {
            reject(error)
          }
        })
      },
    )
    asked.once('error', reject)
    asked.end(sent)
  })
}
