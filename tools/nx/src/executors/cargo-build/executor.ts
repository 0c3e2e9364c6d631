import { copyFileSync, mkdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { ExecutorContext } from '@nx/devkit'
import { builtBinaries, withMessages } from '../../core/cargo-messages.ts'
import { runCommand, succeeded } from '../../io/run-command.ts'
import { schema } from './schema.ts'

/** One message per compiled file of every dependency; far beyond the largest workspaces known. */
const MESSAGE_BYTES = 512 * 1024 * 1024

/** Builds with Cargo and copies the binaries out of the shared target folder, which no task may declare as its output. */
export default async function cargoBuild(options: unknown, context: ExecutorContext): Promise<{ success: boolean }> {
  const { binaries, outputPath, ...target } = schema.parse(options)
  const result = await runCommand({ ...target, command: withMessages(target.command) }, context.root, {
    stream: { write: (text, from) => void (from === 'stderr' && process.stderr.write(text)) },
    maxOutputBytes: MESSAGE_BYTES,
  })
  if (!succeeded(result) || result.kind !== 'exited') return { success: false }
  const built = builtBinaries(result.stdout)
  const missing = binaries.filter((name) => !built.has(name))
  if (missing.length > 0) {
    process.stderr.write(`\nCargo ended well but built no binary ${missing.join(', ')}\n`)
    return { success: false }
  }
  const folder = join(context.root, outputPath)
  mkdirSync(folder, { recursive: true })
  for (const name of binaries) {
    const path = built.get(name) ?? name
    copyFileSync(path, join(folder, basename(path)))
  }
  return { success: true }
}
