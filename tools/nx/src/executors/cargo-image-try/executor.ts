import { join } from 'node:path'
import { tryImage } from '@interlock/cargo/image'
import type { ExecutorContext } from '@nx/devkit'
import { imageSummary } from '../../core/test-counts.ts'
import { reporting } from '../../io/report-error.ts'
import { schema } from './schema.ts'

/** Starts an image's program with nothing else to see than the image; where the machine does not allow that, it is skipped and said. */
export default async function cargoImageTry(options: unknown, { root }: ExecutorContext): Promise<{ success: boolean }> {
  const { image, path, arguments: words } = schema.parse(options)
  return reporting(async () => {
    const result = await tryImage({ folder: join(root, image), arguments: words, path, env: process.env })
    const [text, counts] =
      result.kind === 'answered'
        ? [`${image}: ${result.status} from ${path}, started by ${result.by}`, { passed: 1, failed: 0, skipped: 0 }]
        : [`${image}: skipped, because ${result.reason}`, { passed: 0, failed: 0, skipped: 1 }]
    process.stdout.write(`${text}\n${imageSummary(counts)}\n`)
    return true
  })
}
