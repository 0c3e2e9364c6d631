import { commandText, lastLines } from '../core/command-text.ts'
import type { ErrorCode } from '../core/error-codes.ts'
import { InterlockError } from '../core/error.ts'
import { redact } from '../core/redact.ts'
import { runProcess, type ProcessOptions, type ProcessOutput, type ProcessResult } from './process.ts'

const TAIL_LINES = 20

export interface RunOkOptions extends ProcessOptions {
  /** What the user can do when it fails. */
  readonly hint?: string | undefined
}

/**
 * Runs a program that is expected to succeed and returns what it wrote.
 *
 * Throws `InterlockError`: `TOOL_MISSING` when it cannot be started, `PROCESS_TIMED_OUT`, and `PROCESS_FAILED` for any
 * other status than 0, with the last lines of its standard error (of its standard output when that is empty).
 */
export async function runOk(command: readonly string[], options: RunOkOptions = {}): Promise<ProcessOutput> {
  const result = await runProcess(command, options)
  if (result.kind === 'exited' && result.status === 0) return result
  const { code, message } = failureOf(result, `\`${redact(commandText(command), options.redact ?? [])}\``)
  throw new InterlockError(code, message, { hint: options.hint })
}

interface Failure {
  readonly code: ErrorCode
  readonly message: string
}

function failureOf(result: ProcessResult, name: string): Failure {
  if (result.kind === 'missing') {
    return { code: 'TOOL_MISSING', message: `${result.program} cannot be started: ${result.reason}` }
  }
  if (result.kind === 'timed-out') {
    return { code: 'PROCESS_TIMED_OUT', message: `${name} did not end within ${result.timeoutMs} ms${tailOf(result)}` }
  }
  const end = result.kind === 'signalled' ? `was ended by ${result.signal}` : `exited with status ${result.status}`
  return { code: 'PROCESS_FAILED', message: `${name} ${end}${tailOf(result)}` }
}

function tailOf(output: ProcessOutput): string {
  const text = lastLines(output.stderr.trim() === '' ? output.stdout : output.stderr, TAIL_LINES)
  return text === '' ? '' : `:\n${text}`
}
