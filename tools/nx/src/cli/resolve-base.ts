import type { Invocation } from '@interlock/cli'
import { InterlockError } from '@interlock/kit'
import { type Base, decideBase, widenWhenStale, widenWhenUnreadable } from '../core/base.ts'
import { type CiEvent, decideEventBase } from '../core/ci-event.ts'
import { staleProjects } from '../core/closures.ts'
import { readCiEvent } from '../io/ci-event.ts'
import { collectBaseFacts } from '../io/git-base.ts'
import { fetchHistory } from '../io/git-history.ts'
import { requestOf, textOption } from './options.ts'
import { slicesAtCommit } from './slices.ts'

/**
 * Decides what to compare with, and answers everything when the base itself cannot be trusted. What is asked for by
 * options or `NX_BASE` wins over an event of CI. Throws as `decideBase` does.
 */
export async function resolveBase({ root, options, env }: BaseInvocation): Promise<Base> {
  const request = requestOf({ options, env })
  const event = request.base === undefined ? readCiEvent(textOption({ options }, 'event'), env) : undefined
  const base = event === undefined ? decideBase(request, await collectBaseFacts(root, request)) : await baseOfEvent(root, event)
  return trusted(root, base)
}

type BaseInvocation = Pick<Invocation, 'root' | 'options' | 'env'>

async function baseOfEvent(root: string, event: CiEvent): Promise<Base> {
  const request = {
    base: event.kind === 'compare' ? event.base : undefined,
    head: undefined,
    baseFrom: 'event',
    headFrom: 'HEAD',
  }
  if (event.kind === 'compare') await fetchHistory(root, event.base)
  return decideEventBase(event, await collectBaseFacts(root, request))
}

async function trusted(root: string, base: Base): Promise<Base> {
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
