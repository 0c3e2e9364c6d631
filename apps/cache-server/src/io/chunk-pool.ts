/** Bytes of one chunk of a large artifact. */
export const CHUNK: number = 256 * 1024

/** 16 MiB: what 64 readers that wait for slow clients have in hand. */
const MAX_IDLE = 64

const idle: Buffer[] = []
const lent = new WeakSet<ArrayBufferLike>()

/**
 * A buffer of `CHUNK` bytes, with anything in it. Memory of this size costs most of what a large answer costs, because the
 * collector runs again and again for it; whoever is done with a chunk gives it back, and who does not harms nobody.
 */
export function lendChunk(): Buffer {
  const chunk = idle.pop() ?? Buffer.allocUnsafeSlow(CHUNK)
  lent.add(chunk.buffer)
  return chunk
}

/**
 * Takes back a chunk, or a part of one, that nobody reads any more: it will soon hold other bytes. What was not lent, or was
 * given back already, is left alone.
 */
export function recycleChunk(chunk: Uint8Array): void {
  if (!lent.delete(chunk.buffer) || idle.length >= MAX_IDLE) return
  idle.push(Buffer.from(chunk.buffer))
}
