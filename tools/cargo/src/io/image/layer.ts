import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { pack } from 'tar-stream'
import type { WrittenLayer } from '../../core/image/documents.ts'
import type { EntrySource, LayerPlan } from '../../core/image/layers.ts'

/** A layer with its bytes. */
export interface LayerBytes extends WrittenLayer {
  readonly bytes: Uint8Array
}

/** Writes the archive that a plan describes; `time` (seconds since 1970) is that of every entry. */
export async function writeLayer({ comment, entries }: LayerPlan, time: number): Promise<LayerBytes> {
  const archive = pack()
  for (const { path, mode, source } of entries) {
    const type = source.kind === 'directory' ? 'directory' : 'file'
    archive.entry({ name: path, type, mode, mtime: new Date(time * 1000), uid: 0, gid: 0 }, contentOf(source))
  }
  archive.finalize()
  const chunks: Uint8Array[] = []
  for await (const chunk of archive) chunks.push(chunk)
  const plain = Buffer.concat(chunks)
  const bytes = gzipSync(plain)
  return { comment, diffId: sha256(plain), digest: sha256(bytes), size: bytes.length, bytes }
}

function contentOf(source: EntrySource): Uint8Array {
  if (source.kind === 'file') return readFileSync(source.path)
  return source.kind === 'text' ? Buffer.from(source.text) : new Uint8Array()
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
