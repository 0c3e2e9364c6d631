import { InterlockError } from '@interlock/kit'
import { z } from 'zod'
import { type Change, type MergeMethod, sentenceOf } from '../core/update/changes.ts'
import { GATE } from '../core/update/decide.ts'
import {
  commitsSchema,
  filesSchema,
  type PullRequest,
  type PullRequestEvent,
  pullSchema,
  repositorySchema,
  rulesSchema,
  type UpdateFacts,
} from '../core/update/facts.ts'
import { requestOf } from '../core/update/requests.ts'
import { askGitHub, githubPath, type GitHub, listGitHub, mutateGitHub, undocumented } from './github-api.ts'

/** What GitHub tells about an update. */
export type ObservedUpdate = Omit<UpdateFacts, 'metadata' | 'tests'> & {
  /** Ways to merge that the repository allows, the one to take first. */
  readonly methods: readonly MergeMethod[]
}

/** Asks GitHub for everything that decides about a pull request. Throws as `askGitHub` does. */
export async function observeUpdate(github: GitHub, event: PullRequestEvent): Promise<ObservedUpdate> {
  const place = ['repos', ...event.repository.full_name.split('/')]
  const pullPath = githubPath(...place, 'pulls', event.pull_request.number)
  const pull = checked(pullSchema, await askGitHub(github, { method: 'GET', path: pullPath }), `GET ${pullPath}`)
  const [files, commits, rules, repository] = await Promise.all([
    listGitHub(github, `${pullPath}/files`),
    listGitHub(github, `${pullPath}/commits`),
    listGitHub(github, githubPath(...place, 'rules', 'branches', pull.base.ref)),
    askGitHub(github, { method: 'GET', path: githubPath(...place) }),
  ])
  const settings = checked(repositorySchema, repository, `GET ${githubPath(...place)}`)
  const allowed: readonly [MergeMethod, boolean | undefined][] = [
    ['squash', settings.allow_squash_merge],
    ['merge', settings.allow_merge_commit],
    ['rebase', settings.allow_rebase_merge],
  ]
  return {
    event,
    pull,
    files: checked(filesSchema, files, `GET ${pullPath}/files`),
    commits: checked(commitsSchema, commits, `GET ${pullPath}/commits`),
    rules: checked(rulesSchema, rules, 'GET rules/branches'),
    // GitHub leaves the settings out for who may not read them; it then says at the change what it does not allow.
    allowsAutoMerge: settings.allow_auto_merge ?? true,
    methods: allowed.filter(([, isAllowed]) => isAllowed ?? true).map(([method]) => method),
  }
}

export interface Target {
  readonly pull: PullRequest
  /** `owner/name` */
  readonly repository: string
}

/** Makes one change; returns what became of it, in one sentence. Throws as `askGitHub` does. */
export async function makeChange(github: GitHub, change: Change, target: Target): Promise<string> {
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
  { pull, repository }: Target,
): Promise<string> {
  const place = ['repos', ...repository.split('/')]
  const path = `${githubPath(...place, 'commits', sha, 'check-runs')}?check_name=${GATE}&filter=latest`
  const runs = checked(
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

function checked<Schema extends z.ZodType>(schema: Schema, answer: unknown, what: string): z.output<Schema> {
  const result = schema.safeParse(answer)
  if (result.success) return result.data
  throw undocumented(what)
}
