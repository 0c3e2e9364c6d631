import type { CiEvent, EventFacts } from '../core/ci-event.ts'
import { git, gitText, isRepository, isShallow, remoteGit, resolveCommit } from './git.ts'

/** Commits that the first fetch adds; each further one adds twice as many. */
const FIRST_DEPTH = 50

/** A history that is longer than this below a cut is not waited for. */
const MOST_COMMITS = 2 ** 20

type Comparison = Extract<CiEvent, { readonly kind: 'compare' }>

/** Fetches what an event compares, where it is missing, and collects what git knows about it. */
export async function collectEventFacts(root: string, event: CiEvent): Promise<EventFacts> {
  if (!(await isRepository(root))) return { ...NOTHING, repository: false }
  const head = await resolveCommit(root, 'HEAD')
  if (head === undefined || event.kind === 'everything') return { ...NOTHING, head }
  const base = await fetchBase(root, event)
  if (base === undefined) return { ...NOTHING, head }
  return deepened(root, { head, base, change: event.change })
}

const NOTHING: EventFacts = {
  repository: true,
  shallow: false,
  head: undefined,
  base: undefined,
  mergeBase: undefined,
  onBranch: false,
  holdsChange: false,
}

/** The id of the event's base, once this clone has it; `undefined` where the remote does not give it. */
async function fetchBase(root: string, { base }: Comparison): Promise<string | undefined> {
  const commit = base.startsWith('refs/') ? await remoteBranch(root, base) : base
  if (commit === undefined || (await resolveCommit(root, commit)) === commit) return commit
  await fetch(root, (await isShallow(root)) ? ['--depth=1'] : [], commit)
  return resolveCommit(root, commit)
}

async function remoteBranch(root: string, ref: string): Promise<string | undefined> {
  const { status, stdout } = await remoteGit(root, ['ls-remote', '--exit-code', 'origin', ref])
  return status === 0 ? /^([0-9a-f]+)\t/u.exec(stdout.toString('utf8'))?.[1] : undefined
}

interface Commits {
  readonly head: string
  readonly base: string
  readonly change: string
}

/** The facts, with as much history as it takes; what the remote does not give stays missing. */
async function deepened(root: string, commits: Commits): Promise<EventFacts> {
  let facts = await factsOf(root, commits)
  for (let depth = FIRST_DEPTH; facts.shallow && !isWhole(facts) && depth <= MOST_COMMITS; depth *= 2) {
    if (!(await fetch(root, [`--deepen=${depth}`], commits.base))) break
    facts = await factsOf(root, commits)
  }
  return facts
}

function isWhole({ mergeBase, onBranch, holdsChange }: EventFacts): boolean {
  return mergeBase !== undefined && onBranch && holdsChange
}

async function factsOf(root: string, { head, base, change }: Commits): Promise<EventFacts> {
  const ancestors = (await gitText(root, ['merge-base', '--all', base, head]))?.split('\n') ?? []
  const mergeBase = ancestors.length === 1 ? ancestors[0] : undefined
  const states = mergeBase === undefined ? undefined : await gitText(root, ['rev-list', '--first-parent', base])
  return {
    repository: true,
    shallow: await isShallow(root),
    head,
    base,
    mergeBase,
    onBranch: mergeBase !== undefined && (states?.split('\n').includes(mergeBase) ?? false),
    holdsChange: (await git(root, ['merge-base', '--is-ancestor', change, head])).status === 0,
  }
}

async function fetch(root: string, flags: readonly string[], commit: string): Promise<boolean> {
  const quiet = ['--quiet', '--no-tags', '--no-recurse-submodules', '--no-write-fetch-head']
  return (await remoteGit(root, ['fetch', ...quiet, ...flags, 'origin', commit])).status === 0
}
