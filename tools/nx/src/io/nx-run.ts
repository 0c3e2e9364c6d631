import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { constants, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { InterlockError, runProcess } from '@interlock/kit'
import { expectWritable } from './writable.ts'

/** How a run of Nx that a person watches ended. */
export type NxEnd =
  | { readonly kind: 'exited'; readonly status: number }
  | { readonly kind: 'signalled'; readonly signal: NodeJS.Signals }

export interface NxRunOptions {
  readonly root: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** Whether stdout is taken: Nx then writes everything to stderr. */
  readonly stdoutTaken: boolean
}

/** Signals that a person or a CI service ends a run with. */
const ENDING: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP']

/** Time for Nx to end its tasks after a signal, before its whole process group is killed. */
const GRACE_MS = 10_000

/**
 * Runs the workspace's own Nx on the streams of this process: a person sees what they would see without us.
 *
 * At a terminal Nx stays in the foreground group, so that Ctrl-C and the keyboard reach it. Elsewhere it gets a group of
 * its own, and a signal to this process is passed on to the whole group. Either way this process outlives Nx.
 *
 * @throws InterlockError as `expectWritable` does.
 */
export async function runNx(args: readonly string[], options: NxRunOptions): Promise<NxEnd> {
  expectWritable(options.root, process.env)
  const ownGroup = process.platform !== 'win32' && !process.stdin.isTTY
  const child = spawn(process.execPath, [nxProgram(options.root), ...args], {
    cwd: options.root,
    env: { ...process.env, ...options.env },
    stdio: ['inherit', options.stdoutTaken ? 2 : 'inherit', 'inherit'],
    detached: ownGroup,
    windowsHide: true,
  })
  let killer: NodeJS.Timeout | undefined
  let asked: NodeJS.Signals | undefined
  const send = (signal: NodeJS.Signals): void => sendSignal(child.pid, ownGroup, signal)
  const passOn = (signal: NodeJS.Signals): void => {
    asked ??= signal
    // Ctrl-C at a terminal reaches Nx without us; any other signal was meant for this process alone.
    if (ownGroup || signal !== 'SIGINT') send(signal)
    killer ??= setTimeout(() => send('SIGKILL'), GRACE_MS).unref()
  }
  for (const signal of ENDING) process.on(signal, passOn)
  try {
    return await new Promise<NxEnd>((resolve, reject) => {
      child.once('error', reject)
      child.once('exit', (status, signal) => resolve(endOf(status, asked ?? signal ?? undefined)))
    })
  } finally {
    clearTimeout(killer)
    for (const signal of ENDING) process.off(signal, passOn)
    // Whatever of the group Nx left behind goes with it.
    if (ownGroup && asked !== undefined) send('SIGKILL')
  }
}

/** Exit status of a shell for a process that a signal ended. */
export function statusOfEnd(end: NxEnd): number {
  return end.kind === 'exited' ? end.status : 128 + (constants.signals[end.signal] ?? 0)
}

/**
 * Asks Nx a question whose answer it writes to a file: `--graph` or `--explain`.
 *
 * @throws InterlockError `NX_FAILED` with the end of what Nx said when it does not answer, or as `expectWritable` does.
 */
export async function askNx(root: string, flag: '--graph' | '--explain', args: readonly string[]): Promise<unknown> {
  expectWritable(root, process.env)
  const folder = mkdtempSync(join(tmpdir(), 'interlock-'))
  const file = join(folder, 'answer.json')
  try {
    // A terminal interface or a colour code has no place in an error message, and no plugin needs the token for a question.
    const env = { NX_TUI: 'false', NO_COLOR: '1', FORCE_COLOR: undefined, GITHUB_TOKEN: undefined }
    const result = await runProcess([process.execPath, nxProgram(root), ...args, `${flag}=${file}`], { cwd: root, env })
    if (result.kind === 'exited' && result.status === 0) return JSON.parse(readFileSync(file, 'utf8')) as unknown
    const said = result.kind === 'missing' ? result.reason : `${result.stdout}\n${result.stderr}`.trim()
    throw new InterlockError('NX_FAILED', `nx ${args[0] ?? ''} gave no answer:\n${lastLines(said)}`, {
      hint: 'mend what Nx names above',
    })
  } catch (error) {
    if (error instanceof InterlockError) throw error
    throw new InterlockError('NX_FAILED', `the answer of nx ${args[0] ?? ''} cannot be read`, { cause: error })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/**
 * The program of the Nx that the workspace installs.
 *
 * @throws InterlockError `TOOL_MISSING` when it installs none.
 */
export function nxProgram(root: string): string {
  const manifest = nxManifest(root)
  const program = typeof manifest.content.bin === 'string' ? manifest.content.bin : manifest.content.bin?.['nx']
  return join(dirname(manifest.path), program ?? 'bin/nx.js')
}

/** The version of the Nx that the workspace installs; throws as `nxProgram` does. */
export function installedNxVersion(root: string): string {
  return nxManifest(root).content.version
}

interface NxManifest {
  readonly version: string
  readonly bin?: string | Readonly<Record<string, string>>
}

function nxManifest(root: string): { readonly path: string; readonly content: NxManifest } {
  try {
    const path = createRequire(join(root, 'package.json')).resolve('nx/package.json')
    return { path, content: JSON.parse(readFileSync(path, 'utf8')) as NxManifest }
  } catch (cause) {
    throw new InterlockError('TOOL_MISSING', 'this workspace has no nx installed', { hint: 'npm ci', cause })
  }
}

function endOf(status: number | null, signal: NodeJS.Signals | undefined): NxEnd {
  return signal === undefined ? { kind: 'exited', status: status ?? 1 } : { kind: 'signalled', signal }
}

function sendSignal(pid: number | undefined, group: boolean, signal: NodeJS.Signals): void {
  if (pid === undefined) return
  try {
    process.kill(group ? -pid : pid, signal)
  } catch {
    // The process has gone already, which is what was asked for.
  }
}

function lastLines(text: string): string {
  return text.split('\n').slice(-30).join('\n')
}
