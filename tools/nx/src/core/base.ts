import { InterlockError } from '@interlock/kit'

/** The commit that `affected` compares with, or everything, and why. */
export type Base =
  | { readonly kind: 'commit'; readonly commit: string; readonly head: string | undefined; readonly reason: string }
  | { readonly kind: 'everything'; readonly cause: EverythingCause; readonly reason: string }

/** Why no commit can be compared with. */
export type EverythingCause =
  | 'asked'
  | 'event'
  | 'payload'
  | 'planned'
  | 'gate-unknown'
  | 'no-green-commit'
  | 'workflow-changed'
  | 'no-repository'
  | 'no-commit'
  | 'no-default-branch'
  | 'nothing-since'
  | 'unrelated'
  | 'ahead'
  | 'shallow'
  | 'unreachable'
  | 'not-checked-out'
  | 'side-branch'
  | 'unreadable-at-base'
  | 'stale-at-base'

/** What a person or CI asked for, as the words were given; absent means not asked. */
export interface BaseRequest {
  readonly base: string | undefined
  readonly head: string | undefined
  /** Where `base` came from, for messages: `--base`, `NX_BASE`. */
  readonly baseFrom: string
  readonly headFrom: string
}

/** What git knows, collected for one request. Commits are full ids. */
export interface BaseFacts {
  readonly repository: boolean
  readonly shallow: boolean
  /** `HEAD`, or the requested head. */
  readonly head: string | undefined
  /** Whether `head` was asked for: files that are not committed then do not count. */
  readonly clean: boolean
  /** The requested base; `undefined` when none was asked for or git does not have it. */
  readonly base: string | undefined
  /** Best common ancestor of `head` and the requested base or the default branch. */
  readonly mergeBase: string | undefined
  /** The default branch as a person knows it (`main`, `origin/main`). */
  readonly defaultBranch: string | undefined
}

/**
 * Reads what was asked for: `--base` wins over `NX_BASE`, `--head` over `NX_HEAD`.
 *
 * @throws InterlockError `BASE_EMPTY` when one of them is there but empty: it names no commit, and Nx would quietly
 * compare with something else.
 */
export function baseRequest(
  options: { readonly base?: string | undefined; readonly head?: string | undefined },
  env: Readonly<Record<string, string | undefined>>,
): BaseRequest {
  const baseFrom = options.base === undefined ? 'NX_BASE' : '--base'
  const headFrom = options.head === undefined ? 'NX_HEAD' : '--head'
  const base = options.base ?? env['NX_BASE']
  const head = options.head ?? env['NX_HEAD']
  refuseEmpty(base, baseFrom)
  refuseEmpty(head, headFrom)
  return { base, head, baseFrom, headFrom }
}

/**
 * Decides the commit to compare with.
 *
 * @throws InterlockError `BASE_UNREACHABLE` when the commit that was asked for is not in this clone.
 */
export function decideBase(request: BaseRequest, facts: BaseFacts): Base {
  if (request.base !== undefined && facts.base === undefined) throw unreachable(request.base, request.baseFrom, facts)
  if (request.head !== undefined && facts.head === undefined) throw unreachable(request.head, request.headFrom, facts)
  const nothing = withoutCommit(facts)
  if (nothing !== undefined) return nothing
  const head = request.head === undefined ? undefined : facts.head
  if (request.base !== undefined && facts.base !== undefined) return explicitBase(request, { ...facts, base: facts.base }, head)
  if (facts.defaultBranch === undefined) {
    return everything(
      'no-default-branch',
      'no default branch is known: nx.json has no defaultBase, and there is no origin/HEAD, main or master',
    )
  }
  if (facts.mergeBase === undefined) return noCommonAncestor(facts.defaultBranch, facts)
  if (facts.mergeBase === facts.head && facts.clean) {
    return everything(
      'nothing-since',
      `HEAD is part of ${facts.defaultBranch} and nothing is changed: there is no earlier commit that is known to be good`,
    )
  }
  const what =
    facts.mergeBase === facts.head
      ? `HEAD is part of ${facts.defaultBranch}: compared with its files that are not committed`
      : `merge base with ${facts.defaultBranch}`
  return { kind: 'commit', commit: facts.mergeBase, head, reason: what }
}

/** Everything, where git has no commit that anything could be compared with. */
export function withoutCommit({ repository, head }: Pick<BaseFacts, 'repository' | 'head'>): Base | undefined {
  if (!repository) return everything('no-repository', 'this folder is not in a git repository')
  return head === undefined ? everything('no-commit', 'the repository has no commit yet') : undefined
}

/** What was stale at the base hides a later revert of the lock file or of a new folder, so nothing can be left out. */
export function widenWhenStale(base: Base, staleRoots: readonly string[]): Base {
  if (base.kind === 'everything' || staleRoots.length === 0) return base
  const [first = '', ...others] = staleRoots
  const more = others.length === 0 ? '' : ` and ${others.length} more`
  return everything('stale-at-base', `closures.json was stale at the base ${short(base.commit)} (${first}${more})`)
}

/** The base cannot be read (a broken manifest, a lost object), so what it resolved to is unknown. */
export function widenWhenUnreadable(base: Base, reason: string): Base {
  if (base.kind === 'everything') return base
  return everything('unreadable-at-base', `the workspace cannot be read at the base ${short(base.commit)}: ${reason}`)
}

/**
 * Another workflow ran at the base than runs now: it may have had fewer targets or another way to set machines up, and no
 * input of a task says so. `changed` is `undefined` where git cannot tell.
 */
export function widenWhenWorkflowChanged(base: Base, changed: readonly string[] | undefined): Base {
  if (base.kind === 'everything' || changed?.length === 0) return base
  const what = changed?.[0] === undefined ? 'it is not known whether the workflow is' : `${changed[0]} is not`
  return everything('workflow-changed', `${what} the same as at the base ${short(base.commit)}, which says what CI runs`)
}

/** The first words of a base in prose. */
export function describeBase(base: Base): string {
  return base.kind === 'everything' ? `everything\n${base.reason}` : `commit ${base.commit}\n${base.reason}`
}

/** As many digits of a commit id as a person needs. */
export function short(commit: string): string {
  return commit.slice(0, 12)
}

function explicitBase(request: BaseRequest, facts: BaseFacts & { readonly base: string }, head: string | undefined): Base {
  const asked = `${request.baseFrom} ${request.base ?? ''}`
  if (facts.mergeBase === undefined && !facts.shallow) {
    return everything('unrelated', `${asked} (${short(facts.base)}) has no common ancestor with HEAD`)
  }
  if (facts.mergeBase !== undefined && facts.mergeBase === facts.head && facts.base !== facts.head && facts.clean) {
    return everything('ahead', `${asked} (${short(facts.base)}) is ahead of HEAD: nothing of HEAD is left to compare with it`)
  }
  // A shallow clone may lack the ancestor; the two commits themselves can still be compared, file by file.
  const commit = facts.mergeBase ?? facts.base
  const reason = commit === facts.base ? asked : `merge base with ${asked} (${short(facts.base)})`
  return { kind: 'commit', commit, head, reason }
}

function noCommonAncestor(branch: string, facts: BaseFacts): Base {
  return facts.shallow
    ? everything(
        'shallow',
        `this clone is shallow and does not reach the common ancestor with ${branch} (fetch the whole history for a narrower answer)`,
      )
    : everything('unrelated', `HEAD has no common ancestor with ${branch}`)
}

/** Everything, because no commit can be compared with. */
export function everything(cause: EverythingCause, reason: string): Base {
  return { kind: 'everything', cause, reason }
}

function refuseEmpty(value: string | undefined, from: string): void {
  if (value === undefined || value.trim() !== '') return
  throw new InterlockError('BASE_EMPTY', `${from} is set but empty, so it names no commit`, {
    hint: `give a commit or a branch, or leave ${from} out`,
  })
}

function unreachable(ref: string, from: string, facts: BaseFacts): InterlockError {
  const hint = facts.shallow
    ? 'this clone is shallow: fetch the whole history (in GitHub Actions: actions/checkout with fetch-depth: 0; else: git fetch --unshallow)'
    : `fetch it (git fetch origin ${ref}), or give a commit that this clone has`
  return new InterlockError('BASE_UNREACHABLE', `${from} "${ref}" is not a commit of this clone`, { hint })
}
