import { chmodSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { InterlockError, runOk } from '@interlock/kit'
import { sha256 } from './layer.ts'

/** What an image says about how its program is started. */
export interface Unpacked {
  readonly entrypoint: readonly string[]
  readonly environment: Readonly<Record<string, string>>
  /** `65532:65532` */
  readonly user: string
}

interface Descriptor {
  readonly digest: string
}

/**
 * Unpacks the layers of the only image of a layout into an empty folder, with `tar`.
 *
 * Throws `InterlockError` `IMAGE_BROKEN` when the layout is not whole: a document or layer is missing or is not what its digest says.
 */
export async function unpackImage(layout: string, root: string): Promise<Unpacked> {
  const index = parse(read(layout, 'index.json')) as { readonly manifests: readonly Descriptor[] }
  const [only] = index.manifests
  if (only === undefined || index.manifests.length > 1) throw broken('index.json', `it names ${index.manifests.length} images`)
  const manifest = parse(readBlob(layout, only)) as { readonly config: Descriptor; readonly layers: readonly Descriptor[] }
  const { config } = parse(readBlob(layout, manifest.config)) as { readonly config: Readonly<Record<string, unknown>> }
  // A service that drops its rights must still pass through the root of its file system.
  chmodSync(root, 0o755)
  for (const layer of manifest.layers) {
    await runOk(['tar', '--extract', '--gzip', '--preserve-permissions', '--directory', root], { input: readBlob(layout, layer) })
  }
  const environment = (config['Env'] as readonly string[]).map((pair) => pair.split(/=(.*)/s, 2) as [string, string])
  return {
    entrypoint: config['Entrypoint'] as readonly string[],
    environment: Object.fromEntries(environment),
    user: String(config['User']),
  }
}

function readBlob(layout: string, { digest }: Descriptor): Buffer {
  const [, hex = ''] = /^sha256:([0-9a-f]{64})$/.exec(digest) ?? []
  const name = `blobs/sha256/${hex}`
  const bytes = read(layout, name)
  if (sha256(bytes) !== hex) throw broken(name, 'its content is not what its name says')
  return bytes
}

function read(layout: string, name: string): Buffer {
  try {
    return readFileSync(join(layout, name))
  } catch (cause) {
    throw broken(name, 'it cannot be read', cause)
  }
}

function parse(bytes: Buffer): unknown {
  return JSON.parse(bytes.toString('utf8'))
}

function broken(file: string, reason: string, cause?: unknown): InterlockError {
  return new InterlockError('IMAGE_BROKEN', `the image is not whole: ${reason}`, { file, hint: 'build it again', cause })
}
