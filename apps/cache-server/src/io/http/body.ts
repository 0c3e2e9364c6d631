import type { IncomingMessage } from 'node:http'

/** How a body ended: whole, cut off by the client, or given up because of what took it. */
export type Received =
  | { readonly kind: 'whole' }
  | { readonly kind: 'broken' }
  | { readonly kind: 'refused'; readonly error: unknown }

/** Gives each piece of a body to `take` and reads on when it is done. The rest of a refused body is left unread. */
export async function receive(request: IncomingMessage, take: (chunk: Buffer) => Promise<void>): Promise<Received> {
  return new Promise((resolve) => {
    let pending = false
    let ended = false
    const settle = (received: Received): void => {
      request.off('data', onData).off('end', onEnd).off('close', onClose).off('error', onClose)
      // An aborted request may say so a second time, when nobody listens any more.
      request.on('error', () => undefined)
      resolve(received)
    }
    const onData = (chunk: Buffer): void => {
      pending = true
      request.pause()
      void takeOne(chunk)
    }
    const takeOne = async (chunk: Buffer): Promise<void> => {
      try {
        await take(chunk)
      } catch (error) {
        settle({ kind: 'refused', error })
        return
      }
      pending = false
      if (ended) settle({ kind: 'whole' })
      else if (request.destroyed && !request.complete) settle({ kind: 'broken' })
      else request.resume()
    }
    const onEnd = (): void => {
      ended = true
      if (!pending) settle({ kind: 'whole' })
    }
    const onClose = (): void => {
      if (!pending && !ended) settle({ kind: 'broken' })
    }
    request.on('data', onData).on('end', onEnd).on('close', onClose).on('error', onClose)
    if (request.destroyed) onClose()
  })
}

export interface DrainLimits {
  readonly bytes: number
  readonly milliseconds: number
}

/**
 * Reads and forgets what is left of a body, so that the client sees the answer rather than a reset. `false` when there was
 * more than the limits allow: the connection cannot be used again.
 */
export async function drain(request: IncomingMessage, limits: DrainLimits): Promise<boolean> {
  if (request.complete && request.readableEnded) return true
  if (request.destroyed) return false
  return new Promise((resolve) => {
    let left = limits.bytes
    const settle = (whole: boolean): void => {
      clearTimeout(timer)
      request.off('data', onData).off('end', onEnd).off('close', onClose).off('error', onClose)
      request.on('error', () => undefined)
      if (!whole) request.pause()
      resolve(whole)
    }
    const onData = (chunk: Buffer): void => {
      left -= chunk.length
      if (left < 0) settle(false)
    }
    const onEnd = (): void => settle(true)
    const onClose = (): void => settle(request.complete)
    const timer = setTimeout(() => settle(false), limits.milliseconds)
    request.on('data', onData).on('end', onEnd).on('close', onClose).on('error', onClose)
    request.resume()
  })
}

/** A small body as text; `undefined` when it is longer than `bytes`, takes longer than the limit, is cut off, or no UTF-8. */
export async function smallText(request: IncomingMessage, { bytes, milliseconds }: DrainLimits): Promise<string | undefined> {
  const chunks: Buffer[] = []
  let size = 0
  const timer = setTimeout(() => request.destroy(), milliseconds)
  const received = await receive(request, async (chunk) => {
    size += chunk.length
    if (size > bytes) throw new RangeError('the body is too long')
    chunks.push(chunk)
  })
  clearTimeout(timer)
  if (received.kind !== 'whole') return undefined
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks))
  } catch {
    return undefined
  }
}
