import { statSync } from 'node:fs'
import type { Options } from 'execa'
import { commandText } from '../core/command-text.ts'
import { InterlockError } from '../core/error.ts'
import { redact as hideSecrets } from '../core/redact.ts'
import { captureStream, type StreamOptions } from './capture.ts'
import { openSignalGuard, type SignalGuard } from './parent-signals.ts'
import { OWN_GROUP } from './process-group.ts'
import { supervise, type EndReason } from './supervise.ts'

export interface ProcessOptions {
  /** Directory to run in; the current one when absent. */
  readonly cwd?: string | undefined
  /** Added to this process's environment, which is never cleared; `undefined` leaves one variable out. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined
  /** What the program reads from its standard input, which is closed when absent. */
  readonly input?: string | Uint8Array | undefined
  /** Milliseconds until the process group is ended; endless when absent. */
  readonly timeoutMs?: number | undefined
  /** Milliseconds between asking a process group to end and killing it. 5,000 when absent. */
  readonly graceMs?: number | undefined
  /** Ends the process group when aborted. */
  readonly signal?: AbortSignal | undefined
  /** Bytes kept of each stream: its head and its tail. 16 MiB when absent. */
  readonly maxOutputBytes?: number | undefined
  /** Secrets that are replaced in everything captured, streamed or said in an error. */
  readonly redact?: readonly string[] | undefined
  /** Shows the output while it arrives; `{}` shows it as it is. Nothing is shown when absent. */
  readonly stream?: StreamOptions | undefined
}

/** What a program wrote, redacted and bounded. */
export interface ProcessOutput {
  readonly stdout: string
  readonly stderr: string
  /** Bytes missing from the middle of `stdout` and `stderr`; both 0 when the texts are complete. */
  readonly cutBytes: { readonly stdout: number; readonly stderr: number }
  readonly durationMs: number
}

/** How a process ended. Only `exited` with status 0 means that the program did its work. */
export type ProcessResult =
  | ({ readonly kind: 'exited'; readonly status: number } & ProcessOutput)
  | {
      /** The program could not be started. */
      readonly kind: 'missing'
      readonly program: string
      /** Why, on one line. */
      readonly reason: string
    }
  | ({ readonly kind: 'timed-out'; readonly timeoutMs: number } & ProcessOutput)
  | ({
      readonly kind: 'signalled'
      readonly signal: string
      /** `abort`: the caller's AbortSignal. `parent`: this process was asked to end. `other`: somebody else. */
      readonly by: 'abort' | 'parent' | 'other'
    } & ProcessOutput)

/**
 * Runs a program with an argument array, without a shell, in a process group of its own, and waits for its end.
 *
 * The group is ended (SIGTERM, then SIGKILL after `graceMs`) at a time-out, when the caller aborts, and when this process
 * gets SIGINT, SIGTERM or SIGHUP. Every outcome is a value; `InterlockError` (`FILE_UNREADABLE`) is thrown only when `cwd`
 * is not a directory.
 */
export async function runProcess(command: readonly string[], options: ProcessOptions = {}): Promise<ProcessResult> {
  const [program, ...args] = command
  if (program === undefined || program === '') throw new TypeError('a command needs a program')
  if (options.signal?.aborted === true) return { kind: 'signalled', signal: 'SIGTERM', by: 'abort', ...NOTHING_WRITTEN }
  // Loaded on first use: the graph's path never starts a process and should not pay for it.
  const { execa } = await import('execa')

  const guard = openSignalGuard()
  try {
    return await runGuarded(execa, { command: [program, ...args], options, guard })
  } finally {
    guard.release()
  }
}

interface GuardedRun {
  readonly command: readonly [string, ...string[]]
  readonly options: ProcessOptions
  readonly guard: SignalGuard
}

async function runGuarded(execa: typeof import('execa').execa, { command, options, guard }: GuardedRun): Promise<ProcessResult> {
  const started = performance.now()
  const [program, ...args] = command
  const child = execa(program, args, execaOptions(options))
  if (child.pid === undefined) return notStarted(command, options, await child)
  const stdout = captureStream('stdout', child.stdout, options)
  const stderr = captureStream('stderr', child.stderr, options)
  const { result, endedBy } = await supervise({ pid: child.pid, guard, result: child }, options)
  const [out, err] = [stdout.finish(), stderr.finish()]
  if (result === undefined) for (const pipe of child.stdio) pipe?.destroy()
  return outcomeOf(result, endedBy, {
    stdout: out.text,
    stderr: err.text,
    cutBytes: { stdout: out.cutBytes, stderr: err.cutBytes },
    durationMs: performance.now() - started,
  })
}

const NOTHING_WRITTEN: ProcessOutput = { stdout: '', stderr: '', cutBytes: { stdout: 0, stderr: 0 }, durationMs: 0 }

function execaOptions(options: ProcessOptions) {
  return {
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.env === undefined ? {} : { env: options.env }),
    ...(options.input === undefined ? { stdin: 'ignore' } : { input: options.input }),
    buffer: false,
    cleanup: false,
    detached: OWN_GROUP,
    reject: false,
  } as const satisfies Options
}

/** What of execa's result matters here. */
interface Ended {
  readonly exitCode?: number | undefined
  readonly signal?: string | undefined
  readonly code?: string | undefined
  readonly originalMessage?: string | undefined
}

function outcomeOf(result: Ended | undefined, endedBy: EndReason | undefined, output: ProcessOutput): ProcessResult {
  if (endedBy?.kind === 'timeout') return { kind: 'timed-out', timeoutMs: endedBy.timeoutMs, ...output }
  if (endedBy !== undefined) return { kind: 'signalled', signal: endedBy.signal, by: endedBy.kind, ...output }
  if (result?.exitCode !== undefined) return { kind: 'exited', status: result.exitCode, ...output }
  return { kind: 'signalled', signal: result?.signal ?? 'SIGKILL', by: 'other', ...output }
}

const START_FAILURES: Readonly<Record<string, string>> = {
  EACCES: 'the file is not executable',
  ENOENT: 'no such program, here or on PATH',
}

function notStarted(command: readonly string[], options: ProcessOptions, result: Ended): ProcessResult {
  const { cwd } = options
  if (cwd !== undefined && statSync(cwd, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new InterlockError(
      'FILE_UNREADABLE',
      `cannot run ${hideSecrets(commandText(command), options.redact ?? [])}: the directory does not exist`,
      { file: cwd },
    )
  }
  return {
    kind: 'missing',
    program: command[0] ?? '',
    reason: START_FAILURES[result.code ?? ''] ?? result.originalMessage ?? 'unknown reason',
  }
}
