import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** What is done to the bytes that a server sends over one connection. */
export type Toxic =
  | { readonly kind: 'none' }
  /** A reset after this many bytes. */
  | { readonly kind: 'reset'; readonly at: number }
  /** Silence after this many bytes. */
  | { readonly kind: 'stall'; readonly at: number }
  /** An orderly end after this many bytes. */
  | { readonly kind: 'cut'; readonly at: number }
  /** This many bytes each 100 milliseconds. */
  | { readonly kind: 'slow'; readonly bytes: number }

/** A TCP proxy that harms what passes from the server to the client. */
export interface ToxicProxy {
  readonly url: string
  readonly connections: () => number
  /** For connections from now on. */
  toxic: Toxic
  readonly dispose: () => Promise<void>
}

export async function createToxicProxy(targetPort: number): Promise<ToxicProxy> {
  const sockets = new Set<Socket>()
  let count = 0
  const server = createServer((client) => {
    count += 1
    const upstream = connect(targetPort, '127.0.0.1')
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => undefined)
      socket.once('close', () => {
        sockets.delete(socket)
        client.destroy()
        upstream.destroy()
      })
    }
    client.pipe(upstream)
    harm(upstream, client, proxy.toxic)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const proxy: ToxicProxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    connections: () => count,
    toxic: { kind: 'none' },
    dispose: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return proxy
}

function harm(from: Socket, to: Socket, toxic: Toxic): void {
  if (toxic.kind === 'none') {
    from.pipe(to)
    return
  }
  if (toxic.kind === 'slow') {
    from.on('data', (bytes: Buffer) => {
      from.pause()
      drip(to, bytes, toxic.bytes).then(
        () => from.resume(),
        () => from.destroy(),
      )
    })
    return
  }
  let passed = 0
  from.on('data', (bytes: Buffer) => {
    const left = Math.max(0, toxic.at - passed)
    passed += bytes.length
    if (left > 0) to.write(bytes.subarray(0, left))
    if (passed < toxic.at) return
    if (toxic.kind === 'reset') to.resetAndDestroy()
    if (toxic.kind === 'cut') to.end()
    if (toxic.kind === 'stall') from.pause()
  })
}

async function drip(to: Socket, bytes: Buffer, size: number): Promise<void> {
  for (let at = 0; at < bytes.length && !to.destroyed; at += size) {
    to.write(bytes.subarray(at, at + size))
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}
