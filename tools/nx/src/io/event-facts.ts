import type { CompareEvent, EventFacts } from '../core/ci-event.ts'
import { fetchDeeper, fetchFromOrigin, FIRST_DEPTH, MOST_COMMITS } from './deepen.ts'
import { gitText, isAncestor, isRepository, isShallow, remoteGit, resolveCommit } from './git.ts'

/** Fetches what an event compares, where it is missing, and collects what git knows about it. */
export async function collectEventFacts(root: string, event: CompareEvent): Promise<EventFacts> {
  if (!(await isRepository(root))) return { ...NOTHING, repository: false }
  const head = await resolveCommit(root, 'HEAD')
  if (head === undefined) return NOTHING
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
async function fetchBase(root: string, { base }: CompareEvent): Promise<string | undefined> {
  const commit = base.startsWith('refs/') ? await remoteBranch(root, base) : base
  if (commit === undefined || (await resolveCommit(root, commit)) === commit) return commit
  await fetchFromOrigin(root, (await isShallow(root)) ? ['--depth=1'] : [], commit)
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
    if (!(await fetchDeeper(root, depth, commits.base))) break
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
    holdsChange: await isAncestor(root, change, head),
  }
}
