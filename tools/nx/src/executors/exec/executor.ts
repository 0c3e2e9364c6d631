import type { ExecutorContext } from '@nx/devkit'
import { runCommand, succeeded } from '../../io/run-command.ts'
import { schema } from './schema.ts'

/** Runs a command without a shell, so that no character of it means anything but itself. */
export default async function exec(options: unknown, context: ExecutorContext): Promise<{ success: boolean }> {
  return { success: succeeded(await runCommand(schema.parse(options), context.root)) }
}
