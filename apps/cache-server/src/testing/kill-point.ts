import promises from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'

type Call = (...args: unknown[]) => Promise<unknown>

const FUNCTIONS = ['mkdir', 'open', 'rename', 'rm', 'truncate', 'unlink', 'writeFile'] as const
const METHODS = ['appendFile', 'close', 'datasync', 'truncate', 'write', 'writeFile', 'writev'] as const

/**
 * Makes this process kill itself at one call that changes the file system, named `<call>:<number>:<when>`: `after` it, or when
 * `half` of its bytes are written. Without a point, every call is said, so that a first run lists the points there are.
 */
export async function armKill(point: string | undefined, say: (line: string) => void): Promise<void> {
  const counts = new Map<string, number>()
  const wrap = (name: string, call: Call): Call =>
    async function wrapped(this: unknown, ...args) {
      const number = (counts.get(name) ?? 0) + 1
      counts.set(name, number)
      const label = `${name}:${number}`
      if (point === undefined) say(`call ${label}`)
      if (point === `${label}:half`) {
        await call.apply(this, halved(args))
        killSelf()
      }
      try {
        return await call.apply(this, args)
      } finally {
        if (point === `${label}:after`) killSelf()
      }
    }

  const handle = await promises.open(process.execPath, 'r')
  const prototype = Object.getPrototypeOf(handle) as Record<string, Call>
  await handle.close()
  for (const name of METHODS) prototype[name] = wrap(`file.${name}`, prototype[name] as Call)
  const target = promises as unknown as Record<string, Call>
  for (const name of FUNCTIONS) target[name] = wrap(name, target[name] as Call)
  syncBuiltinESMExports()
}

/** The arguments of a write that writes half as much: of `write` with offset, length and position, or of bytes alone. */
function halved([data, offset, length, position]: readonly unknown[]): unknown[] {
  if (Array.isArray(data)) return [[half(Buffer.concat(data as Buffer[]))]]
  const bytes = Buffer.from(data as Uint8Array)
  if (typeof offset !== 'number' || typeof length !== 'number') return [half(bytes)]
  return [bytes, offset, Math.floor(length / 2), position]
}

function half(bytes: Buffer): Buffer {
  return bytes.subarray(0, Math.floor(bytes.length / 2))
}

/** Nothing after this runs: the thread waits until the signal has come. */
function killSelf(): never {
  process.kill(process.pid, 'SIGKILL')
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
  throw new Error('survived SIGKILL')
}
