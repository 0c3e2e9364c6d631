import type { Invocation } from '@interlock/cli'
import { InterlockError } from '@interlock/kit'
import { type Base, decideBase, everything, widenWhenStale, widenWhenUnreadable, widenWhenWorkflowChanged } from '../core/base.ts'
import { type CiEvent, decideEventBase } from '../core/ci-event.ts'
import { staleProjects } from '../core/closures.ts'
import { overclaimed } from '../core/parent-entries.ts'
import { decidePushBase } from '../core/push-base.ts'
import { PLAN_VARIABLE, plannedBase } from '../core/run-plan.ts'
import { readCiEvent } from '../io/ci-event.ts'
import { collectEventFacts } from '../io/event-facts.ts'
import { resolveCommit } from '../io/git.ts'
import { collectBaseFacts } from '../io/git-base.ts'
import { headCommit } from '../io/head-commit.ts'
import { collectPushFacts } from '../io/push-facts.ts'
import { changedWorkflows } from '../io/workflow-changes.ts'
import { requestOf, textOption } from './options.ts'
import { slicesAtCommit } from './slices.ts'

/**
 * Decides what to compare with, and answers everything when the base itself cannot be trusted. The plan of a run of CI
 * decides for all its machines; else what is asked for by options, `NX_BASE` or `NX_HEAD`; else the event of CI.
 *
 * @throws InterlockError as `decideBase` and `plannedBase` do, and `USAGE` where two of them say what to compare.
 */
export async function resolveBase({ root, options, env }: BaseInvocation): Promise<Base> {
  const request = requestOf({ options, env })
  const file = textOption({ options }, 'event')
  const from = request.base === undefined ? request.headFrom : request.baseFrom
  const asked = request.base === undefined && request.head === undefined ? undefined : from
  const voices = [env[PLAN_VARIABLE] === undefined ? undefined : PLAN_VARIABLE, file && '--event', asked].filter(Boolean)
  if (voices.length > 1) {
    throw new InterlockError('USAGE', `${voices.join(' and ')} both say what to compare`, { hint: 'leave one of them out' })
  }
  const planned = plannedBase(env[PLAN_VARIABLE], await headCommit(root))
  if (planned !== undefined) return present(root, planned)
  const event = asked === undefined ? readCiEvent(file, env) : undefined
  if (event === undefined) return trusted(root, decideBase(request, await collectBaseFacts(root, request)))
  const base = await trusted(root, await eventBase(event, root, env))
  if (base.kind === 'everything') return base
  return widenWhenWorkflowChanged(base, await changedWorkflows(root, base.commit, env))
}

async function eventBase(event: CiEvent, root: string, env: BaseInvocation['env']): Promise<Base> {
  if (event.kind === 'everything') return everything(event.cause, event.reason)
  if (event.kind === 'push') return decidePushBase(event, await collectPushFacts(root, event, env))
  return decideEventBase(event, await collectEventFacts(root, event))
}

/** The plan found its base in another clone. */
async function present(root: string, base: Base): Promise<Base> {
  if (base.kind === 'everything' || (await resolveCommit(root, base.commit)) === base.commit) return base
  return everything('unreachable', `the base of the plan, ${base.commit}, is not in this clone`)
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
