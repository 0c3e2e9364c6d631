import type { ServerResponse } from 'node:http'
import type { Readable } from 'node:stream'
import { recycleChunk } from '../chunk-pool.ts'

/** How the bytes of an answer ended. */
export type Poured = 'client-left' | 'store-failed' | 'whole'

/**
 * Sends exactly `size` bytes. Where the source has fewer or more, or fails, the connection is destroyed: the client has been
 * told a length and must not take a part for the whole.
 */
export async function pour(body: Readable, response: ServerResponse, size: number): Promise<Poured> {
  return new Promise((resolve) => {
    let sent = 0
    const settle = (poured: Poured): void => {
      response.off('drain', onDrain).off('close', onClose)
      body.off('data', onData).off('end', onEnd).off('error', onError)
      body.on('error', () => undefined)
      if (poured !== 'whole') {
        body.destroy()
        response.destroy()
      }
      resolve(poured)
    }
    const onData = (chunk: Buffer): void => {
      sent += chunk.length
      if (sent > size) settle('store-failed')
      else if (!response.write(chunk, (error) => recycle(chunk, error))) body.pause()
    }
    const onEnd = (): void => {
      if (sent !== size) settle('store-failed')
      else response.end(() => settle('whole'))
    }
    const onDrain = (): void => void body.resume()
    const onError = (): void => settle('store-failed')
    const onClose = (): void => settle('client-left')
    response.on('drain', onDrain).on('close', onClose)
    body.on('data', onData).on('end', onEnd).on('error', onError)
    if (response.destroyed) onClose()
  })
}

/** The kernel has the chunk. After an error nobody knows, and its memory is left to the collector. */
function recycle(chunk: Buffer, error: Error | null | undefined): void {
  if (error === null || error === undefined) recycleChunk(chunk)
}

/** Sends bytes that are at hand; resolves once the kernel has them. */
export function pourWhole(bytes: Uint8Array, response: ServerResponse): Poured | Promise<Poured> {
  response.end(bytes)
  if (response.socket?.writableLength === 0) return 'whole'
  return new Promise((resolve) => {
    const settle = (poured: Poured): void => {
      response.off('finish', onFinish).off('close', onClose)
      resolve(poured)
    }
    const onFinish = (): void => settle('whole')
    const onClose = (): void => settle(response.writableFinished ? 'whole' : 'client-left')
    response.on('finish', onFinish).on('close', onClose)
    if (response.destroyed) onClose()
  })
}
