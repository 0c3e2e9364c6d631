import { git, gitText, isShallow, mergeBase } from './git.ts'

const FIRST_DEPTH = 50

/** Commits; a history that is longer than this below a cut is not waited for. */
const MOST_COMMITS = 2 ** 20

/**
 * Fetches a commit and as much history as it takes to reach its common ancestor with HEAD, twice as much each time. Does
 * nothing where everything is there, and gives up without an error where the remote refuses: what is missing then, the
 * decision finds missing.
 */
export async function fetchHistory(root: string, commit: string): Promise<void> {
  const head = await gitText(root, ['rev-parse', '--verify', '--quiet', 'HEAD^{commit}'])
  if (head === undefined) return
  if (!(await has(root, commit)) && !(await fetch(root, (await isShallow(root)) ? ['--depth=1'] : [], [commit]))) return
  for (let depth = FIRST_DEPTH; depth <= MOST_COMMITS; depth *= 2) {
    if ((await mergeBase(root, commit, head)) !== undefined || !(await isShallow(root))) return
    if (!(await fetch(root, [`--deepen=${depth}`], [commit, head]))) return
  }
}

async function has(root: string, commit: string): Promise<boolean> {
  return (await gitText(root, ['cat-file', '-e', `${commit}^{commit}`])) !== undefined
}

async function fetch(root: string, flags: readonly string[], commits: readonly string[]): Promise<boolean> {
  const quiet = ['--quiet', '--no-tags', '--no-recurse-submodules', '--no-write-fetch-head']
  const { status } = await git(root, ['fetch', ...quiet, ...flags, 'origin', ...commits])
  return status === 0
}
