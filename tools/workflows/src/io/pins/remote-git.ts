import { type ProcessResult, runProcess } from '@interlock/kit'

/** What a remote said, or why nobody knows. */
export type Answer<Value> =
  | { readonly kind: 'answer'; readonly value: Value }
  | { readonly kind: 'no-answer'; readonly reason: string }

export interface RemoteGitOptions {
  /** Where to run: outside the workspace, so that its git settings and credentials play no part. */
  readonly cwd: string
  /** `https`: the one way to go, also where the server sends git elsewhere. */
  readonly protocol: string
  readonly timeoutMs: number
}

/** Thousands of tags take well under a megabyte; more than this is no list of releases. */
const MOST_OUTPUT_BYTES = 32 << 20

/** Runs git against a remote: it never asks a person, takes one way and no other, and ends in time. */
export async function remoteGit(
  args: readonly string[],
  { cwd, protocol, timeoutMs }: RemoteGitOptions,
): Promise<Answer<string>> {
  const settings = ['core.askPass=', 'protocol.allow=never', `protocol.${protocol}.allow=always`].flatMap((one) => ['-c', one])
  const result = await runProcess(['git', ...settings, ...args], {
    cwd,
    timeoutMs,
    graceMs: 1000,
    maxOutputBytes: MOST_OUTPUT_BYTES,
    env: { ...withoutGit(process.env), GIT_TERMINAL_PROMPT: '0', SSH_ASKPASS: undefined, LC_ALL: 'C' },
  })
  if (result.kind !== 'exited' || result.status !== 0) return { kind: 'no-answer', reason: reasonOf(result) }
  if (result.cutBytes.stdout > 0) return { kind: 'no-answer', reason: `git answered more than ${MOST_OUTPUT_BYTES} bytes` }
  return { kind: 'answer', value: result.stdout }
}

/** A hook of git, for one, sets variables that lead git back to the repository that it was started for. */
function withoutGit(env: NodeJS.ProcessEnv): Record<string, undefined> {
  const names = Object.keys(env).filter((name) =>
    /^GIT_(?:ASKPASS$|DIR$|WORK_TREE$|INDEX_FILE$|OBJECT_|COMMON_DIR$|NAMESPACE$|PREFIX$)/u.test(name),
  )
  return Object.fromEntries(names.map((name) => [name, undefined]))
}

function reasonOf(result: ProcessResult): string {
  if (result.kind === 'missing') return `${result.program} cannot be started: ${result.reason}`
  if (result.kind === 'timed-out') return `no answer within ${Math.ceil(result.timeoutMs / 1000)} s`
  if (result.kind === 'signalled') return `git was ended by ${result.signal}`
  return gitsWords(result.stderr) ?? `git ended with status ${result.status}`
}

/** The first line that says why, without what a terminal would obey. */
function gitsWords(stderr: string): string | undefined {
  const lines = stderr
    .split('\n')
    .map((line) => line.replace(/\p{Cc}/gu, ' ').trim())
    .filter((line) => line !== '')
  return (lines.find((line) => line.startsWith('fatal: ')) ?? lines.at(-1))?.replace(/^fatal: /u, '').slice(0, 300)
}
