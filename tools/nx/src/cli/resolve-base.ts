import type { Invocation } from '@interlock/cli'
import { InterlockError } from '@interlock/kit'
import { type Base, decideBase, everything, widenWhenStale, widenWhenUnreadable } from '../core/base.ts'
import { decideEventBase } from '../core/ci-event.ts'
import { staleProjects } from '../core/closures.ts'
import { overclaimed } from '../core/parent-entries.ts'
import { readCiEvent } from '../io/ci-event.ts'
import { collectEventFacts } from '../io/event-facts.ts'
import { collectBaseFacts } from '../io/git-base.ts'
import { requestOf, textOption } from './options.ts'
import { slicesAtCommit } from './slices.ts'

/**
 * Decides what to compare with, and answers everything when the base itself cannot be trusted. What is asked for by
 * options, `NX_BASE` or `NX_HEAD` wins over an event of CI. Throws as `decideBase` does.
 */
export async function resolveBase({ root, options, env }: BaseInvocation): Promise<Base> {
  const request = requestOf({ options, env })
  const file = textOption({ options }, 'event')
  const asked = request.base ?? request.head
  if (file !== undefined && asked !== undefined) {
    const from = request.base === undefined ? request.headFrom : request.baseFrom
    throw new InterlockError('USAGE', `--event and ${from} both say what to compare`, { hint: 'leave one of them out' })
  }
  const event = asked === undefined ? readCiEvent(file, env) : undefined
  if (event === undefined) return trusted(root, decideBase(request, await collectBaseFacts(root, request)))
  return trusted(root, decideEventBase(event, await collectEventFacts(root, event)))
}

/** The same for a verb that has `--all`, which asks for everything. */
export async function baseOrAll(invocation: BaseInvocation): Promise<Base> {
  return invocation.options['all'] === true ? everything('asked', 'asked for with --all') : resolveBase(invocation)
}

type BaseInvocation = Pick<Invocation, 'root' | 'options' | 'env'>

async function trusted(root: string, base: Base): Promise<Base> {
  if (base.kind === 'everything') return base
  try {
    const { results, committed, parents } = await slicesAtCommit(root, base.commit)
    // Where no file is committed yet, nothing is left out of any input, and there is nothing to be stale.
    if (committed.state === 'absent') return base
    // Nx compares a file with a key that stands twice as if it were whole.
    if (committed.state === 'damaged') return widenWhenStale(base, [`it is damaged: ${committed.reason}`])
    const stale = [...staleProjects(results, committed), ...overclaimed(parents, committed)]
    return widenWhenStale(
      base,
      stale.map(({ root: place }) => place),
    )
  } catch (error) {
    return widenWhenUnreadable(base, reasonOf(error))
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof InterlockError || error instanceof SyntaxError) return error.message.split('\n')[0] ?? error.message
  throw error
}
