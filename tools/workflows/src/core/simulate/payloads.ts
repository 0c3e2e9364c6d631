/** What the payload of an event takes from the repository in which it is simulated. Commits are full ids. */
export interface RepositoryFacts {
  /** `owner/name` */
  readonly repository: string
  readonly mainBranch: string
  readonly head: string
  /** The first parent of `head`; zeros where there is none, as GitHub writes it. */
  readonly before: string
  /** The newest commit that `head` shares with the main branch and that is not `head`; else `before`, else `head`. */
  readonly base: string
}

type Payload = Readonly<Record<string, unknown>>

const NUMBER = 7
const PERSON = user('octocat', 'User')
const DEPENDABOT = user('dependabot[bot]', 'Bot')

/** What the payload of each event says of the repository. */
export function common({ repository, mainBranch }: RepositoryFacts, sender: Payload = PERSON): Payload {
  return { repository: repositoryOf(repository, mainBranch), sender }
}

export function pushPayload(facts: RepositoryFacts, ref: string): Payload {
  const created = ref.startsWith('refs/tags/') || /^0+$/u.test(facts.before)
  return {
    ref,
    before: created ? '0'.repeat(facts.head.length) : facts.before,
    after: facts.head,
    created,
    deleted: false,
    forced: false,
    base_ref: null,
    pusher: { name: 'octocat', email: 'octocat@example.invalid' },
    head_commit: { id: facts.head, message: 'a commit', author: { name: 'octocat', email: 'octocat@example.invalid' } },
    ...common(facts),
  }
}

export interface PullRequestOptions {
  readonly action: string
  /** `fork`: its branch is in the repository of somebody else. */
  readonly from?: 'branch' | 'fork' | 'dependabot'
  readonly label?: string
}

export function pullRequestPayload(facts: RepositoryFacts, { action, from = 'branch', label }: PullRequestOptions): Payload {
  const author = from === 'dependabot' ? DEPENDABOT : PERSON
  const name = facts.repository.split('/')[1] ?? ''
  const headRepository = from === 'fork' ? `stranger/${name}` : facts.repository
  const branch = from === 'dependabot' ? 'dependabot/npm_and_yarn/yaml-2.9.2' : 'change'
  const labels = label === undefined || action === 'unlabeled' ? [] : [{ name: label }]
  return {
    action,
    number: NUMBER,
    pull_request: {
      number: NUMBER,
      state: 'open',
      title: 'A change',
      body: '',
      draft: false,
      merged: false,
      mergeable: true,
      user: author,
      author_association: from === 'fork' ? 'FIRST_TIME_CONTRIBUTOR' : from === 'dependabot' ? 'CONTRIBUTOR' : 'MEMBER',
      labels,
      html_url: `https://github.com/${facts.repository}/pull/${NUMBER}`,
      merge_commit_sha: facts.head,
      head: {
        ref: branch,
        sha: facts.head,
        label: `${headRepository.split('/')[0]}:${branch}`,
        user: from === 'fork' ? user('stranger', 'User') : author,
        repo: { ...repositoryOf(headRepository, facts.mainBranch), fork: from === 'fork' },
      },
      base: { ref: facts.mainBranch, sha: facts.base, repo: repositoryOf(facts.repository, facts.mainBranch) },
    },
    ...(action === 'synchronize' ? { before: facts.base, after: facts.head } : {}),
    ...(label === undefined ? {} : { label: { name: label } }),
    ...common(facts, author),
  }
}

export function mergeGroupPayload(facts: RepositoryFacts): Payload {
  return {
    action: 'checks_requested',
    merge_group: {
      head_sha: facts.head,
      head_ref: `refs/heads/gh-readonly-queue/${facts.mainBranch}/pr-${NUMBER}-${facts.base}`,
      base_ref: `refs/heads/${facts.mainBranch}`,
      base_sha: facts.base,
      head_commit: { id: facts.head, message: 'a commit' },
    },
    ...common(facts),
  }
}

function repositoryOf(fullName: string, mainBranch: string): Payload {
  const [owner = '', name = ''] = fullName.split('/')
  return {
    full_name: fullName,
    name,
    owner: { login: owner },
    default_branch: mainBranch,
    fork: false,
    private: false,
    html_url: `https://github.com/${fullName}`,
  }
}

function user(login: string, type: 'User' | 'Bot'): Payload {
  return { login, type }
}
