import { delimiter, posix, resolve } from 'node:path'
import { type ProcessOptions, type ProcessResult, runProcess } from '@interlock/kit'
import { installHint } from '../core/test-verdict.ts'

/** A command of a target. `cwd` is relative to the workspace. */
export interface TargetCommand {
  readonly command: readonly string[]
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
}

/**
 * Runs the command as a person in `cwd` would: the caller's environment, with the workspace's npm tools on the path as
 * `nx:run-commands` has them. Output is shown while it arrives.
 */
export async function runCommand(
  { command, cwd, env }: TargetCommand,
  root: string,
  options: Pick<ProcessOptions, 'stream' | 'maxOutputBytes'> = {},
): Promise<ProcessResult> {
  const folder = resolve(root, cwd)
  return runProcess(command, { cwd: folder, env: { ...env, PATH: withNpmTools(root, cwd) }, stream: {}, ...options })
}

function withNpmTools(root: string, cwd: string): string {
  const folders: string[] = []
  for (let folder = posix.normalize(cwd); ; folder = posix.dirname(folder)) {
    folders.push(resolve(root, folder, 'node_modules', '.bin'))
    if (folder === '.' || folder === '/' || folder.startsWith('..')) break
  }
  return [...folders, process.env['PATH'] ?? ''].join(delimiter)
}

/** Says on standard error that a tool is missing. The first words are what reports look for. */
export function sayNotRun(tool: string): void {
  process.stderr.write(`\nnot run: ${tool} ${tool.includes(' and ') ? 'are' : 'is'} missing\n\nhint: ${installHint(tool)}\n`)
}

/** Whether the command ended well; a missing program is said in words. */
export function succeeded(result: ProcessResult): boolean {
  if (result.kind === 'missing') sayNotRun(result.program)
  if (result.kind === 'signalled') process.stderr.write(`\nended by ${result.signal}\n`)
  return result.kind === 'exited' && result.status === 0
}
