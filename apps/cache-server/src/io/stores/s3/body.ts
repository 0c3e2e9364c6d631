import { createHash } from 'node:crypto'
import { pipeline, Transform, type Readable } from 'node:stream'
import { StoreFault } from '../../store.ts'

/** What a body has to be. */
export interface Expected {
  readonly digest: string
  readonly size: number
}

/** The bytes of a small body; one that is larger than `most` is cut there. */
export async function readWhole(body: Readable, most: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of body as AsyncIterable<Buffer>) {
    chunks.push(chunk)
    size += chunk.length
    if (size > most) break
  }
  return Buffer.concat(chunks).subarray(0, most)
}

export function isExpected(bytes: Uint8Array, { digest, size }: Expected): boolean {
  return bytes.length === size && createHash('sha256').update(bytes).digest('hex') === digest
}

/**
 * The body, checked while it passes: when it turns out not to be what is expected it errors before its last piece, so that
 * nobody takes it for whole. `onDamaged` is told; a body that breaks off is no damage.
 */
export function checked(body: Readable, expected: Expected, onDamaged: () => void): Readable {
  const hash = createHash('sha256')
  let held: Buffer | undefined
  let size = 0

  const damaged = (): StoreFault => {
    onDamaged()
    return new StoreFault('unavailable', 'the bytes in the bucket are not those that were stored')
  }
  const check = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk)
      size += chunk.length
      const before = held
      held = chunk
      if (size > expected.size) done(damaged())
      else if (before === undefined) done()
      else done(null, before)
    },
    flush(done) {
      if (size !== expected.size || hash.digest('hex') !== expected.digest) done(damaged())
      else done(null, held)
    },
  })
  pipeline(body, check, () => undefined)
  return check
}
