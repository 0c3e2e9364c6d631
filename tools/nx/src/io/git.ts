import { execFile } from 'node:child_process'
import { byText, InterlockError } from '@interlock/kit'

/** What one call of git came to. `stdout` is bytes: paths and files need not be text. */
export interface GitResult {
  readonly status: number
  readonly stdout: Buffer
  readonly stderr: string
}

/** 1 GiB: a listing of a very large repository. Beyond it git's output is refused, not cut. */
const MAX_OUTPUT_BYTES = 2 ** 30

/**
 * Runs git in `root` and returns whatever it answered.
 *
 * @throws InterlockError `TOOL_MISSING` when there is no git.
 */
export function git(root: string, args: readonly string[], input?: string): Promise<GitResult> {
  return execGit(root, args, { input })
}

/** Ten minutes: a large history over a slow line. */
const REMOTE_TIMEOUT_MS = 600_000

/**
 * Runs git where it talks to a remote: it never asks a person, and a remote that does not answer in `timeoutMs` is a
 * status other than 0.
 */
export function remoteGit(root: string, args: readonly string[], timeoutMs: number = REMOTE_TIMEOUT_MS): Promise<GitResult> {
  const { GIT_SSH_COMMAND: ssh = 'ssh -oBatchMode=yes' } = process.env
  return execGit(root, args, { timeoutMs, env: { GIT_TERMINAL_PROMPT: '0', GIT_SSH_COMMAND: ssh } })
}

/** The status of a command that was stopped for time, as `timeout` gives it. */
const TIMED_OUT = 124

interface GitOptions {
  readonly input?: string | undefined
  readonly timeoutMs?: number
  readonly env?: Readonly<Record<string, string>>
}

function execGit(root: string, args: readonly string[], { input, timeoutMs, env }: GitOptions): Promise<GitResult> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      'git',
      [...args],
      {
        cwd: root,
        timeout: timeoutMs ?? 0,
        encoding: 'buffer',
        maxBuffer: MAX_OUTPUT_BYTES,
        windowsHide: true,
        env: { ...process.env, GIT_OPTIONAL_LOCKS: '0', ...env },
      },
      (error, stdout, stderr) => {
        const code = (error as { code?: unknown } | null)?.code ?? 0
        if (code === 'ENOENT') reject(gitMissing(error))
        else if (timeoutMs !== undefined && error?.killed === true) resolve({ status: TIMED_OUT, stdout, stderr: 'timed out' })
        else if (typeof code !== 'number') reject(error ?? new Error('git ended without a status'))
        else resolve({ status: code, stdout, stderr: stderr.toString('utf8').trim() })
      },
    )
    child.stdin?.on('error', () => undefined)
    child.stdin?.end(input ?? '')
  })
}

/** Runs git and returns its stdout as text; `undefined` when git says no (a status other than 0). */
export async function gitText(root: string, args: readonly string[]): Promise<string | undefined> {
  const result = await git(root, args)
  return result.status === 0 ? result.stdout.toString('utf8').trim() : undefined
}

/**
 * Runs git where only success makes sense.
 *
 * @throws InterlockError `GIT_FAILED` with what git said.
 */
export async function gitOk(root: string, args: readonly string[], input?: string): Promise<Buffer> {
  const result = await git(root, args, input)
  if (result.status === 0) return result.stdout
  throw new InterlockError('GIT_FAILED', `git ${args[0] ?? ''} ended with status ${result.status}: ${result.stderr}`)
}

/**
 * The id of the commit that a person means by `ref`; `undefined` when there is none.
 *
 * A branch wins over a tag of the same name (git itself prefers the tag), and a local branch over `origin`'s. `HEAD` and its
 * kin are this clone's own: every ordinary clone has an `origin/HEAD` as well. A full id is that commit, whatever is named so.
 */
export async function resolveCommit(root: string, ref: string): Promise<string | undefined> {
  if (ref.startsWith('-')) return undefined
  const isId = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/u.test(ref)
  const isOwn = isId || /^(?:@|(?:[A-Z]+_)?HEAD)(?:$|[~^@{])/u.test(ref)
  for (const name of isOwn ? [ref] : [`refs/heads/${ref}`, `refs/remotes/${ref}`, `refs/remotes/origin/${ref}`, ref]) {
    const commit = await gitText(root, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`])
    if (commit !== undefined && commit !== '') return commit
  }
  return undefined
}

/** The best common ancestor of two commits; `undefined` when their histories do not meet (or are cut by a shallow clone). */
export function mergeBase(root: string, one: string, other: string): Promise<string | undefined> {
  return gitText(root, ['merge-base', one, other])
}

/** Whether one commit is another or part of it; `false` where this clone cannot tell. */
export async function isAncestor(root: string, commit: string, of: string): Promise<boolean> {
  return (await git(root, ['merge-base', '--is-ancestor', commit, of])).status === 0
}

/**
 * The files below `root` that differ between a commit and `head`, or what is on disk where `head` is `undefined`. Sorted.
 *
 * @throws InterlockError `GIT_FAILED` when one of the commits is not there.
 */
export async function changedFiles(root: string, commit: string, head: string | undefined): Promise<string[]> {
  const words = ['diff', '--name-only', '-z', '--no-renames', '--relative', commit, ...(head === undefined ? [] : [head]), '--']
  const changed = splitNul(await gitOk(root, words))
  if (head !== undefined) return changed.sort(byText)
  const untracked = splitNul(await gitOk(root, ['ls-files', '-z', '--others', '--exclude-standard']))
  return [...changed, ...untracked].sort(byText)
}

/** The files of git's index below `root`, sorted. */
export async function trackedFiles(root: string): Promise<string[]> {
  return splitNul(await gitOk(root, ['ls-files', '-z'])).sort(byText)
}

/** The tracked files that `.gitignore` names all the same, sorted. */
export async function ignoredTrackedFiles(root: string): Promise<string[]> {
  return splitNul(await gitOk(root, ['ls-files', '-z', '--cached', '--ignored', '--exclude-standard'])).sort(byText)
}

/** The folders of submodules below `root`, sorted. */
export async function submodules(root: string): Promise<string[]> {
  const entries = splitNul(await gitOk(root, ['ls-files', '-z', '--stage']))
  return entries.flatMap((entry) => (entry.startsWith('160000 ') ? [entry.slice(entry.indexOf('\t') + 1)] : [])).sort(byText)
}

/** Whether `root` lies in the working tree of a repository. */
export function isRepository(root: string): Promise<boolean> {
  return gitText(root, ['rev-parse', '--is-inside-work-tree']).then((answer) => answer === 'true')
}

export function isShallow(root: string): Promise<boolean> {
  return gitText(root, ['rev-parse', '--is-shallow-repository']).then((answer) => answer === 'true')
}

/** The items of a list that git ends with NUL each. */
export function splitNul(bytes: Buffer): string[] {
  const text = bytes.toString('utf8')
  return text === '' ? [] : text.replace(/\0$/u, '').split('\0')
}

function gitMissing(cause: unknown): InterlockError {
  return new InterlockError('TOOL_MISSING', 'git is not installed or not on PATH', { hint: 'install git', cause })
}
