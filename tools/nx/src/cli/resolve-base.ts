import { posix } from 'node:path'
import type { Invocation } from '@interlock/cli'
import { InterlockError } from '@interlock/kit'
import { type Base, decideBase, widenWhenHidden, widenWhenStale, widenWhenUnreadable } from '../core/base.ts'
import { decideEventBase } from '../core/ci-event.ts'
import { staleProjects } from '../core/closures.ts'
import { readCiEvent } from '../io/ci-event.ts'
import { deletedBesideProjects } from '../core/directories.ts'
import { collectEventFacts } from '../io/event-facts.ts'
import { deletedFiles } from '../io/git.ts'
import { collectBaseFacts } from '../io/git-base.ts'
import { listConfigFiles } from '../io/workspace-files.ts'
import { requestOf, textOption } from './options.ts'
import { type SliceState, slicesAtCommit } from './slices.ts'

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

type BaseInvocation = Pick<Invocation, 'root' | 'options' | 'env'>

async function trusted(root: string, base: Base): Promise<Base> {
  if (base.kind === 'everything') return base
  try {
    const state = await slicesAtCommit(root, base.commit)
    // Where no file is committed yet, no lock is left out of any input, and there is nothing to be stale.
    const stale = state.committed.state === 'read' ? staleProjects(state.results, state.committed) : []
    const trustworthy = widenWhenStale(
      base,
      stale.map((project) => project.root),
    )
    if (trustworthy.kind === 'everything') return trustworthy
    return widenWhenHidden(trustworthy, await hiddenDeletion(root, trustworthy, state))
  } catch (error) {
    return widenWhenUnreadable(base, reasonOf(error))
  }
}

async function hiddenDeletion(root: string, base: ComparedBase, { results, packages }: SliceState): Promise<string | undefined> {
  const deleted = await deletedFiles(root, base.commit, base.head)
  if (deleted.length === 0) return undefined
  const before = new Set([...packages, ...results.flatMap((result) => result.projects.map((project) => project.root))])
  const manifests = listConfigFiles(root).filter((path) => MANIFESTS.has(posix.basename(path)))
  return deletedBesideProjects(deleted, { before, after: manifests.map((path) => posix.dirname(path)) })
}

type ComparedBase = Extract<Base, { readonly kind: 'commit' }>

const MANIFESTS: ReadonlySet<string> = new Set(['Cargo.toml', 'pyproject.toml', 'package.json', 'project.json'])

function reasonOf(error: unknown): string {
  if (error instanceof InterlockError || error instanceof SyntaxError) return error.message.split('\n')[0] ?? error.message
  throw error
}
