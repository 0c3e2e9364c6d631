import type { Invocation, Outcome } from '@interlock/cli'
import { EXIT } from '@interlock/kit'
import { type Base, decideBase, short } from '../core/base.ts'
import { diffLocks, type LockDiff, renderLockDiff } from '../core/lock-diff.ts'
import { collectBaseFacts } from '../io/git-base.ts'
import { workspaceFilesOnDisk } from '../io/workspace-files.ts'
import { requestOf } from './options.ts'
import { readSlices, slicesAtCommit } from './slices.ts'

/** `interlock lock diff`: what moved between the base and the files on disk. */
export async function runLockDiff(invocation: Invocation): Promise<Outcome> {
  const request = requestOf(invocation)
  // A diff can be shown against a stale base as well: only `affected` has to be wide there.
  const base = decideBase(request, await collectBaseFacts(invocation.root, request))
  if (base.kind === 'everything') {
    return { status: EXIT.done, prose: `no commit to compare with: ${base.reason}`, data: { base } }
  }
  const diff = await diffSince(invocation.root, base.commit)
  return { status: EXIT.done, prose: `${heading(base)}\n\n${renderLockDiff(diff)}`, data: { base, ...diff } }
}

/** What moved between a commit and the files on disk. */
export async function diffSince(root: string, commit: string): Promise<LockDiff> {
  const before = await slicesAtCommit(root, commit)
  return diffLocks(before.results, readSlices(workspaceFilesOnDisk(root)))
}

function heading(base: Base & { readonly kind: 'commit' }): string {
  return `since ${short(base.commit)} (${base.reason})`
}
