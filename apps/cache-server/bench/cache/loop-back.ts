import { fork } from 'node:child_process'
import { connect, createServer, type AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'

const CHUNK = Buffer.alloc(1024 * 1024)
const SECONDS = 2

/** Bytes per second that one process sends and another reads over loop-back: what no server can beat here. */
export async function measureLoopBack(): Promise<number> {
  const sender = fork(fileURLToPath(import.meta.url), ['send'], { execArgv: process.execArgv })
  const port = await new Promise<number>((resolve) => sender.once('message', (message) => resolve(Number(message))))
  const socket = connect(port, '127.0.0.1')
  let bytes = 0
  socket.on('data', (chunk) => (bytes += chunk.length))
  const begin = performance.now()
  await new Promise((resolve) => setTimeout(resolve, SECONDS * 1000))
  const rate = bytes / ((performance.now() - begin) / 1000)
  socket.destroy()
  sender.kill()
  return rate
}

if (process.argv[2] === 'send' && process.argv[1] === fileURLToPath(import.meta.url)) {
  const server = createServer((socket) => {
    const pump = (): void => {
      while (socket.write(CHUNK));
    }
    socket.on('drain', pump)
    socket.on('error', () => undefined)
    pump()
  })
  server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port))
}
