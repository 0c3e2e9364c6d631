import { InterlockError } from '@interlock/kit'
import { type Base, type BaseRequest, decideBase, widenWhenStale, widenWhenUnreadable } from '../core/base.ts'
import { staleProjects } from '../core/closures.ts'
import { collectBaseFacts } from '../io/git-base.ts'
import { slicesAtCommit } from './slices.ts'

/** Decides what to compare with, and answers everything when the base itself cannot be trusted. Throws as `decideBase` does. */
export async function resolveBase(root: string, request: BaseRequest): Promise<Base> {
  const base = decideBase(request, await collectBaseFacts(root, request))
  if (base.kind === 'everything') return base
  try {
    const { results, committed } = await slicesAtCommit(root, base.commit)
    // Where no file is committed yet, no lock is left out of any input, and there is nothing to be stale.
    if (committed.state !== 'read') return base
    return widenWhenStale(
      base,
      staleProjects(results, committed).map((project) => project.root),
    )
  } catch (error) {
    return widenWhenUnreadable(base, reasonOf(error))
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof InterlockError || error instanceof SyntaxError) return error.message.split('\n')[0] ?? error.message
  throw error
}
