import { join } from 'node:path'
import { buildImage } from '@interlock/cargo/image'
import type { ExecutorContext } from '@nx/devkit'
import { gitText } from '../../io/git.ts'
import { reporting } from '../../io/report-error.ts'
import { schema } from './schema.ts'

/** Builds an image layout of a binary, its loader and its shared libraries. */
export default async function cargoImage(options: unknown, { root }: ExecutorContext): Promise<{ success: boolean }> {
  const { program, outputPath, description, licences, ...image } = schema.parse(options)
  return reporting(async () => {
    const revision = await gitText(root, ['describe', '--always', '--dirty', '--abbrev=40', '--exclude=*'])
    const { digest, bytes, libraries, certificates } = await buildImage({
      program: join(root, program),
      file: program,
      folder: join(root, outputPath),
      image: { ...image, description, licences, revision },
      env: process.env,
    })
    process.stdout.write(`${outputPath}: sha256:${digest}, ${(bytes / 1e6).toFixed(1)} MB\n`)
    process.stdout.write(
      `with ${[...libraries, certificates ?? 'no certificate authorities: none are on this machine'].join(', ')}\n`,
    )
    return true
  })
}
