import { remoteGit } from './git.ts'

/** Commits that the first fetch adds; each further one adds twice as many. */
export const FIRST_DEPTH = 50

/** A history that is longer than this below a cut is not waited for. */
export const MOST_COMMITS: number = 2 ** 20

/** Adds commits below the cut of a shallow clone; `false` where the remote does not give them. */
export function fetchDeeper(root: string, depth: number, commit: string): Promise<boolean> {
  return fetchFromOrigin(root, [`--deepen=${depth}`], commit)
}

/** Fetches a commit, and nothing else: no tag, no ref, no submodule. */
export async function fetchFromOrigin(root: string, flags: readonly string[], commit: string): Promise<boolean> {
  const quiet = ['--quiet', '--no-tags', '--no-recurse-submodules', '--no-write-fetch-head']
  return (await remoteGit(root, ['fetch', ...quiet, ...flags, 'origin', commit])).status === 0
}
