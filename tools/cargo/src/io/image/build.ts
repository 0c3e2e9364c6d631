import { chmodSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { InterlockError } from '@interlock/kit'
import { documentsOf, type ImageDescription, LAYOUT } from '../../core/image/documents.ts'
import { environmentOf, planLayers } from '../../core/image/layers.ts'
import { writeLayer } from './layer.ts'
import { findCertificates, readProgram } from './sources.ts'

export interface ImageOrder {
  /** Absolute path of the program. */
  readonly program: string
  /** How errors name the program. */
  readonly file: string
  /** Absolute path of the layout's folder: what lies there is replaced when the image is complete. */
  readonly folder: string
  readonly image: Omit<ImageDescription, 'created'>
  readonly env: Readonly<Record<string, string | undefined>>
}

export interface BuiltImage {
  /** SHA-256 of the manifest, in hex: the name of the image everywhere. */
  readonly digest: string
  /** Bytes of the compressed layers. */
  readonly bytes: number
  readonly libraries: readonly string[]
  /** The bundle that went into it; `undefined` where the machine has none: then no TLS client in the image trusts anybody. */
  readonly certificates: string | undefined
}

/**
 * Builds an OCI image layout of a program and everything that it is loaded with, without a container engine. The same program,
 * libraries and description give the same digest, under the same version of Node.
 *
 * Throws what `readProgram` throws, and `CONFIG_INVALID` for a `SOURCE_DATE_EPOCH` that is no time.
 */
export async function buildImage({ program, file, folder, image, env }: ImageOrder): Promise<BuiltImage> {
  const time = timeOf(env)
  const { machine, libraries } = await readProgram(program, file)
  const certificates = findCertificates(env)
  const plans = planLayers({ name: image.name, program, libraries, certificates })
  const layers = await Promise.all(plans.map(async (plan) => writeLayer(plan, time)))
  const created = new Date(time * 1000).toISOString()
  const environment = environmentOf({ libraries, certificates })
  const { config, manifest, index } = documentsOf({ image: { ...image, created }, machine, environment, layers })
  writeWhole(folder, (inside) => {
    writeFileSync(join(inside, 'oci-layout'), LAYOUT)
    writeFileSync(join(inside, 'index.json'), index)
    mkdirSync(join(inside, 'blobs', 'sha256'), { recursive: true })
    for (const { digest, bytes } of [...layers, config, manifest]) writeFileSync(join(inside, 'blobs', 'sha256', digest), bytes)
  })
  return { digest: manifest.digest, bytes: layers.reduce((sum, { size }) => sum + size, 0), libraries, certificates }
}

/** A layout is there as a whole or not at all. */
function writeWhole(folder: string, write: (inside: string) => void): void {
  mkdirSync(dirname(folder), { recursive: true })
  const inside = mkdtempSync(`${folder}-`)
  try {
    write(inside)
    chmodSync(inside, 0o755)
    rmSync(folder, { recursive: true, force: true })
    renameSync(inside, folder)
  } finally {
    rmSync(inside, { recursive: true, force: true })
  }
}

/** Seconds since 1970: what `SOURCE_DATE_EPOCH` says, else 0, so that the time of the build is in no digest. */
function timeOf(env: Readonly<Record<string, string | undefined>>): number {
  const given = env['SOURCE_DATE_EPOCH'] ?? ''
  // The largest time that an archive can hold.
  if (!/^\d{0,11}$/.test(given) || Number(given) > 0o77777777777) {
    throw new InterlockError('CONFIG_INVALID', `SOURCE_DATE_EPOCH is ${JSON.stringify(given)}, which is no time`, {
      hint: 'give whole seconds since 1970, or unset it',
    })
  }
  return Number(given)
}
