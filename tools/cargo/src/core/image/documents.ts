import { createHash } from 'node:crypto'
import type { Elf } from './elf.ts'
import { NONROOT, programPath } from './layers.ts'

/** What the image says about itself. */
export interface ImageDescription {
  readonly name: string
  readonly version: string
  readonly description: string | undefined
  /** An SPDX expression. */
  readonly licences: string | undefined
  /** The commit that the program was built from. */
  readonly revision: string | undefined
  /** What the program is started with when nothing else is said. */
  readonly arguments: readonly string[]
  /** TCP ports that the program listens on. */
  readonly ports: readonly number[]
  /** RFC 3339. */
  readonly created: string
}

/** A layer as it was written. */
export interface WrittenLayer {
  readonly comment: string
  /** SHA-256 of the archive before compression, in hex. */
  readonly diffId: string
  /** SHA-256 of the compressed archive, in hex. */
  readonly digest: string
  /** Bytes of the compressed archive. */
  readonly size: number
}

/** A document of the layout with the name that it is stored under. */
export interface Blob {
  readonly digest: string
  readonly bytes: Uint8Array
}

/** The documents of an image: `index` goes into index.json, the others are blobs. */
export interface Documents {
  readonly config: Blob
  readonly manifest: Blob
  readonly index: Uint8Array
}

/** What is stored as `oci-layout`. */
export const LAYOUT: string = `${JSON.stringify({ imageLayoutVersion: '1.0.0' })}\n`

export interface DocumentSources {
  readonly image: ImageDescription
  readonly machine: Elf
  readonly environment: readonly string[]
  readonly layers: readonly WrittenLayer[]
}

const MEDIA = 'application/vnd.oci.image'

/** Configuration, manifest and index of an image, as data: the same sources give the same bytes. */
export function documentsOf(sources: DocumentSources): Documents {
  const { image, machine, layers } = sources
  const config = blob(configOf(sources))
  const manifest = blob({
    schemaVersion: 2,
    mediaType: `${MEDIA}.manifest.v1+json`,
    config: descriptor('config.v1+json', config),
    layers: layers.map(({ digest, size }) => ({ mediaType: `${MEDIA}.layer.v1.tar+gzip`, digest: `sha256:${digest}`, size })),
    annotations: labelsOf(image),
  })
  const platform = { os: 'linux', architecture: machine.architecture, ...variantOf(machine) }
  const annotations = { 'org.opencontainers.image.ref.name': image.version }
  const index = encode({
    schemaVersion: 2,
    mediaType: `${MEDIA}.index.v1+json`,
    manifests: [{ ...descriptor('manifest.v1+json', manifest), platform, annotations }],
  })
  return { config, manifest, index }
}

function configOf({ image, machine, environment, layers }: DocumentSources): object {
  const { created } = image
  return {
    created,
    architecture: machine.architecture,
    ...variantOf(machine),
    os: 'linux',
    config: {
      User: `${NONROOT}:${NONROOT}`,
      ExposedPorts: Object.fromEntries(image.ports.map((port) => [`${port}/tcp`, {}])),
      Env: environment,
      Entrypoint: [programPath(image.name)],
      Cmd: image.arguments,
      WorkingDir: '/',
      Labels: labelsOf(image),
    },
    rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => `sha256:${diffId}`) },
    history: layers.map(({ comment }) => ({ created, created_by: 'interlock', comment })),
  }
}

function labelsOf({ name, version, description, licences, revision }: ImageDescription): Record<string, string> {
  const labels = { description, licenses: licences, revision, title: name, version }
  const given = Object.entries(labels).flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const]))
  return Object.fromEntries(given.map(([key, value]) => [`org.opencontainers.image.${key}`, value]))
}

function variantOf({ variant }: Elf): { readonly variant?: string } {
  return variant === undefined ? {} : { variant }
}

function descriptor(type: string, { digest, bytes }: Blob): object {
  return { mediaType: `${MEDIA}.${type}`, digest: `sha256:${digest}`, size: bytes.length }
}

function blob(value: object): Blob {
  const bytes = encode(value)
  return { digest: createHash('sha256').update(bytes).digest('hex'), bytes }
}

function encode(value: object): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value))
}
