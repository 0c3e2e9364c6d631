import { InterlockError, runProcess } from '@interlock/kit'
import type { RepositoryFacts } from '../../core/simulate/payloads.ts'

/** The repository as events see it. */
export interface SimulatedRepository {
  readonly facts: RepositoryFacts
  /** Paths that differ between the last commit and the one before, and between the last one and the base. */
  readonly changed: { readonly sinceBefore: readonly string[]; readonly sinceBase: readonly string[] }
}

/**
 * Reads the commits that payloads name.
 *
 * @throws InterlockError `GIT_FAILED` where there is no commit.
 */
export async function readRepository(
  root: string,
  { mainBranch, folder }: { readonly mainBranch: string; readonly folder: string },
): Promise<SimulatedRepository> {
  const head = await ask(root, ['rev-parse', '--verify', '--quiet', 'HEAD^{commit}'])
  if (head === undefined) {
    throw new InterlockError('GIT_FAILED', 'there is no commit here, and every event is about one', {
      hint: 'git init, and commit something',
    })
  }
  const parent = await ask(root, ['rev-parse', '--verify', '--quiet', 'HEAD^1^{commit}'])
  const base = (await forkPoint(root, head, mainBranch)) ?? parent ?? head
  return {
    facts: {
      repository: (await ownName(root)) ?? `local/${folder.replace(/[^\w.-]/gu, '-')}`,
      mainBranch,
      head,
      before: parent ?? '0'.repeat(head.length),
      base,
    },
    changed: {
      sinceBefore: await changedFiles(root, parent ?? head, head),
      sinceBase: await changedFiles(root, base, head),
    },
  }
}

async function changedFiles(root: string, from: string, to: string): Promise<readonly string[]> {
  const listed = await ask(root, ['diff', '--name-only', '-z', '--no-renames', from, to])
  return (listed ?? '').split('\0').filter((path) => path !== '')
}

async function forkPoint(root: string, head: string, mainBranch: string): Promise<string | undefined> {
  for (const ref of [`refs/remotes/origin/${mainBranch}`, `refs/heads/${mainBranch}`]) {
    const commit = await ask(root, ['merge-base', ref, head])
    if (commit !== undefined && commit !== head) return commit
  }
  return undefined
}

async function ownName(root: string): Promise<string | undefined> {
  const url = await ask(root, ['remote', 'get-url', 'origin'])
  return /github\.com[:/]([\w.-]+\/[\w.-]+?)(?:\.git)?\/?$/u.exec(url ?? '')?.[1]
}

/** What git answers; `undefined` where it fails. */
async function ask(root: string, words: readonly string[]): Promise<string | undefined> {
  const result = await runProcess(['git', ...words], { cwd: root, env: { GIT_OPTIONAL_LOCKS: '0' } })
  if (result.kind === 'missing')
    throw new InterlockError('TOOL_MISSING', 'git is not installed or not on PATH', { hint: 'install git' })
  if (result.kind !== 'exited' || result.status !== 0) return undefined
  return result.stdout.replace(/\n$/u, '')
}
