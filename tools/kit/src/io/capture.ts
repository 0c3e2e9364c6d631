import type { Readable } from 'node:stream'
import { createBoundedText } from '../core/bounded-text.ts'
import { createLinePrefixer } from '../core/line-prefix.ts'
import { createRedactor } from '../core/redact.ts'

const DEFAULT_MAX_BYTES = 16 * 1024 * 1024

export type OutputName = 'stdout' | 'stderr'

/** How output is shown while it arrives. */
export interface StreamOptions {
  /** Put before each line; lines are then shown when they are complete. */
  readonly prefix?: string | undefined
  /** Takes the redacted text; this process's own standard output and error when absent. */
  readonly write?: ((text: string, from: OutputName) => void) | undefined
}

export interface CaptureOptions {
  readonly maxOutputBytes?: number | undefined
  readonly redact?: readonly string[] | undefined
  readonly stream?: StreamOptions | undefined
}

export interface Captured {
  readonly text: string
  readonly cutBytes: number
}

/** Collects what a stream delivers until `finish` is called: decoded, redacted, bounded, and shown where that is asked for. */
export function captureStream(
  name: OutputName,
  readable: Readable,
  options: CaptureOptions,
): { readonly finish: () => Captured } {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  const redactor = createRedactor(options.redact ?? [])
  const kept = createBoundedText(options.maxOutputBytes ?? DEFAULT_MAX_BYTES)
  const shown = createDisplay(name, options.stream)
  const take = (text: string): void => {
    kept.push(text)
    shown.push(text)
  }
  const onData = (chunk: Buffer): void => take(redactor.push(decoder.decode(chunk, { stream: true })))
  readable.on('data', onData)
  return {
    finish: () => {
      readable.off('data', onData)
      take(redactor.push(decoder.decode()) + redactor.end())
      shown.end()
      return { text: kept.text(), cutBytes: kept.cutBytes() }
    },
  }
}

interface Display {
  readonly push: (text: string) => void
  readonly end: () => void
}

function createDisplay(name: OutputName, options: StreamOptions | undefined): Display {
  if (options === undefined) return { push: () => undefined, end: () => undefined }
  const write = options.write ?? ((text: string, from: OutputName) => void process[from].write(text))
  const show = (text: string): void => {
    if (text !== '') write(text, name)
  }
  if (options.prefix === undefined) return { push: show, end: () => undefined }
  const lines = createLinePrefixer(options.prefix)
  return { push: (text) => show(lines.push(text)), end: () => show(lines.end()) }
}
