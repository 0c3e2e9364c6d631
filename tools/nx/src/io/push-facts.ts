import type { PushEvent } from '../core/ci-event.ts'
import type { PushFacts } from '../core/push-base.ts'
import { isAncestor, isRepository, resolveCommit } from './git.ts'
import { githubApi } from './github-api.ts'
import { findGreenCommit } from './green-commit.ts'

/** Collects what git and GitHub know about a push. GitHub is asked only where its answer can matter. */
export async function collectPushFacts(
  root: string,
  event: PushEvent,
  env: Readonly<Record<string, string | undefined>>,
): Promise<PushFacts> {
  const repository = await isRepository(root)
  const head = repository ? await resolveCommit(root, 'HEAD') : undefined
  const holdsChange = head !== undefined && (await isAncestor(root, event.change, head))
  const facts = { repository, head, holdsChange }
  if (head === undefined || !holdsChange) return { ...facts, green: { kind: 'unknown', reason: 'nothing was asked' } }
  const api = githubApi(env, event.repository)
  if (typeof api === 'string') return { ...facts, green: { kind: 'unknown', reason: api } }
  return { ...facts, green: await findGreenCommit(root, { api, branch: event.branch, head }) }
}
