import type { MergeMethod } from '../core/update/changes.ts'
import {
  commitsSchema,
  filesSchema,
  type PullRequestEvent,
  pullSchema,
  repositorySchema,
  rulesSchema,
  type UpdateFacts,
} from '../core/update/facts.ts'
import { askGitHub, documented, type GitHub, githubPath, listGitHub } from './github-api.ts'

/** What GitHub tells about an update. */
export type ObservedUpdate = Omit<UpdateFacts, 'metadata' | 'tests'> & {
  /** Ways to merge that the repository allows, the one to take first. */
  readonly methods: readonly MergeMethod[]
}

/** Asks GitHub for everything that decides about a pull request. Throws as `askGitHub` does. */
export async function observeUpdate(github: GitHub, event: PullRequestEvent): Promise<ObservedUpdate> {
  const place = ['repos', ...event.repository.full_name.split('/')]
  const pullPath = githubPath(...place, 'pulls', event.pull_request.number)
  const pull = documented(pullSchema, await askGitHub(github, { method: 'GET', path: pullPath }), `GET ${pullPath}`)
  const [files, commits, rules, repository] = await Promise.all([
    listGitHub(github, `${pullPath}/files`),
    listGitHub(github, `${pullPath}/commits`),
    listGitHub(github, githubPath(...place, 'rules', 'branches', pull.base.ref)),
    askGitHub(github, { method: 'GET', path: githubPath(...place) }),
  ])
  const settings = documented(repositorySchema, repository, `GET ${githubPath(...place)}`)
  const allowed: readonly [MergeMethod, boolean | undefined][] = [
    ['squash', settings.allow_squash_merge],
    ['merge', settings.allow_merge_commit],
    ['rebase', settings.allow_rebase_merge],
  ]
  return {
    event,
    pull,
    files: documented(filesSchema, files, `GET ${pullPath}/files`),
    commits: documented(commitsSchema, commits, `GET ${pullPath}/commits`),
    rules: documented(rulesSchema, rules, 'GET rules/branches'),
    // GitHub leaves the settings out for who may not read them; it then says at the change what it does not allow.
    allowsAutoMerge: settings.allow_auto_merge ?? true,
    methods: allowed.filter(([, isAllowed]) => isAllowed ?? true).map(([method]) => method),
  }
}
