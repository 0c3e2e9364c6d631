import { connect, type Socket } from 'node:net'

/** A connection on which a test writes what it likes, whether or not it is HTTP. */
export interface RawConnection {
  readonly socket: Socket
  readonly write: (text: Buffer | string) => void
  /** What came so far. */
  readonly received: () => string
  /** Resolves with everything that came, once the server closed the connection. */
  readonly closed: Promise<string>
  /** Resolves as soon as what came matches. */
  readonly until: (pattern: RegExp) => Promise<string>
}

export async function rawConnection(url: string): Promise<RawConnection> {
  const { hostname, port } = new URL(url)
  const socket = connect({ host: hostname, port: Number(port) })
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve)
    socket.once('error', reject)
  })
  const chunks: Buffer[] = []
  const received = (): string => Buffer.concat(chunks).toString('latin1')
  socket.on('data', (chunk: Buffer) => void chunks.push(chunk))
  socket.on('error', () => undefined)
  return {
    socket,
    received,
    write: (text) => void socket.write(text),
    closed: new Promise((resolve) => socket.once('close', () => resolve(received()))),
    until: async (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (pattern.test(received())) resolve(received())
        }
        socket.on('data', look)
        socket.once('close', () => reject(new Error(`closed after: ${received()}`)))
        look()
      }),
  }
}

/** The status line's number. */
export function statusOf(answer: string): number {
  return Number(/^HTTP\/1\.1 (\d{3})/u.exec(answer)?.[1])
}
