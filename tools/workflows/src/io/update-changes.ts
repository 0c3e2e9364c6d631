import { InterlockError } from '@interlock/kit'
import { z } from 'zod'
import { type Change, sentenceOf } from '../core/update/changes.ts'
import { GATE } from '../core/gate.ts'
import type { PullRequest } from '../core/update/facts.ts'
import { requestOf } from '../core/update/requests.ts'
import { askGitHub, documented, type GitHub, githubPath, listGitHub, mutateGitHub } from './github-api.ts'

export interface Target {
  readonly pull: PullRequest
  /** `owner/name` */
  readonly repository: string
  /** Whether the branch takes pull requests from a queue alone. */
  readonly hasQueue: boolean
}

/**
 * Makes changes; returns what became of each, in one sentence. What is refused does not keep a person from being asked, but
 * nothing merges after it.
 *
 * @throws InterlockError with everything that was refused.
 */
export async function makeChanges(github: GitHub, changes: readonly Change[], target: Target): Promise<string[]> {
  const done: string[] = []
  const refused: InterlockError[] = []
  for (const change of changes) {
    if (change.kind === 'enable-auto-merge' && refused.length > 0) break
    try {
      done.push(await makeChange(github, change, target))
    } catch (error) {
      if (!(error instanceof InterlockError)) throw error
      refused.push(error)
    }
  }
  const [first] = refused
  if (first === undefined) return done
  const reasons = [...refused.map(({ reason }) => reason), ...done.map((sentence) => `done all the same: ${sentence}`)]
  throw new InterlockError(first.code, reasons.join('\n  '), { hint: first.hint })
}

async function makeChange(github: GitHub, change: Change, target: Target): Promise<string> {
  const request = requestOf(change, target.pull, target.repository)
  if (request.kind === 'rest') {
    const { method, names, body } = request
    await askGitHub(github, { method, path: githubPath(...names), body })
    return sentenceOf(change)
  }
  const against = await mutateGitHub(github, request)
  if (against.length === 0) return sentenceOf(change)
  if (change.kind === 'enable-auto-merge' && against.some(isReadyAlready)) return mergeNow(github, change, target)
  throw new InterlockError('GITHUB_REFUSED', `${sentenceOf(change)}: GitHub answered "${against.join('; ')}"`, {
    hint: 'nothing was merged; look at the pull request, then run the job again',
  })
}

/** GitHub turns auto-merge on only while something holds the merge back; "unstable" is a check that nobody requires. */
function isReadyAlready(message: string): boolean {
  return /is in (?:clean|unstable) status/u.test(message)
}

/** Merges what passed already. GitHub holds the merge to the rules, and the gate is looked at here too. */
async function mergeNow(
  github: GitHub,
  { method, head: sha }: Extract<Change, { readonly kind: 'enable-auto-merge' }>,
  { pull, repository, hasQueue }: Target,
): Promise<string> {
  const place = ['repos', ...repository.split('/')]
  const path = `${githubPath(...place, 'commits', sha, 'check-runs')}?check_name=${GATE}&filter=latest`
  const runs = documented(
    runsSchema,
    await listGitHub(github, path, (answer) => wrapperSchema.safeParse(answer).data?.check_runs),
    path,
  )
  const passed = runs.length > 0 && runs.every((run) => run.app?.slug === 'github-actions' && run.conclusion === 'success')
  if (!passed) {
    throw new InterlockError('GITHUB_REFUSED', `GitHub would merge at once, and the check "${GATE}" has not passed`, {
      hint: `let the ruleset of ${JSON.stringify(pull.base.ref)} require "${GATE}" of everybody, then run the job again`,
    })
  }
  if (hasQueue) {
    const input = { pullRequestId: pull.node_id, expectedHeadOid: sha }
    const against = await mutateGitHub(github, { mutation: 'enqueuePullRequest', input })
    if (against.length === 0) return `it is in the merge queue: the gate of ${sha.slice(0, 12)} had passed already`
    throw new InterlockError('GITHUB_REFUSED', `the merge queue did not take it: GitHub answered "${against.join('; ')}"`)
  }
  await askGitHub(github, {
    method: 'PUT',
    path: githubPath(...place, 'pulls', pull.number, 'merge'),
    body: { sha, merge_method: method },
  })
  return `it is merged (${method}): the gate of ${sha.slice(0, 12)} had passed already`
}

const wrapperSchema = z.object({ check_runs: z.array(z.unknown()) })
const runsSchema = z.array(
  z.object({ conclusion: z.string().nullable(), app: z.object({ slug: z.string().optional() }).nullable() }),
)
