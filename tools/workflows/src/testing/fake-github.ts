import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expectAnswer, matchOperation, takesInput } from './github-operations.ts'

export const FAKE_TOKEN = 'ghs_fake_0123456789'

interface FakeAccount {
  readonly login: string
  readonly type: string
}

export const DEPENDABOT: FakeAccount = { login: 'dependabot[bot]', type: 'Bot' }
const WEB_FLOW: FakeAccount = { login: 'web-flow', type: 'User' }
const ACTIONS: FakeAccount = { login: 'github-actions[bot]', type: 'Bot' }

/** What the server knows: one pull request of one repository. */
export interface FakeState {
  settings: Record<string, boolean>
  pull: {
    number: number
    node_id: string
    state: 'open' | 'closed'
    draft: boolean
    title: string
    user: FakeAccount
    head: { sha: string; repo: { full_name: string } | null }
    base: { ref: string; repo: { full_name: string } }
    labels: { name: string }[]
    requested_reviewers: { login: string }[]
    requested_teams: { slug: string }[]
    auto_merge: { enabled_by: FakeAccount; merge_method: string } | null
  }
  files: { filename: string; status: string; previous_filename?: string }[]
  commits: ReturnType<typeof dependabotCommit>[]
  rules: object[]
  checkRuns: { name: string; conclusion: string | null; app: { slug: string } }[]
  collaborators: string[]
  /** Labels of the repository, where the token may not make new ones. */
  knownLabels: string[] | undefined
  /** Whether nothing holds a merge back: GitHub then does not turn auto-merge on. */
  isReady: boolean
}

/** What a request gets instead of an answer. */
export type Fault = { readonly status: number; readonly headers?: Record<string, string>; readonly body?: string } | 'drop'

export interface FakeGitHub {
  readonly env: Readonly<Record<string, string>>
  readonly state: FakeState
  /** Requests that changed something, in order. */
  readonly changes: string[]
  /** Every request, in order. */
  readonly asked: string[]
  /** Requests that GitHub does not document. */
  readonly undocumented: string[]
  /** Called before each request is answered. */
  fault: ((request: string) => Fault | undefined) | undefined
  readonly close: () => Promise<void>
}

/** A commit as Dependabot pushes it and GitHub signs it. */
export function dependabotCommit(sha: string): {
  sha: string
  author: FakeAccount | null
  committer: FakeAccount | null
  commit: { verification: { verified: boolean; reason: string } }
} {
  return { sha, author: DEPENDABOT, committer: WEB_FLOW, commit: { verification: { verified: true, reason: 'valid' } } }
}

/** A server on loop-back that answers what GitHub documents, and keeps what is changed. */
export async function startFakeGitHub(state: FakeState): Promise<FakeGitHub> {
  const server = createServer((request, response) => {
    void respond(fake, request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const url = `http://127.0.0.1:${port}`
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  const fake: FakeGitHub = {
    env: { GITHUB_API_URL: url, GITHUB_TOKEN: FAKE_TOKEN },
    state,
    changes: [],
    asked: [],
    undocumented: [],
    fault: undefined,
    close,
  }
  return fake
}

async function respond(fake: FakeGitHub, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const text = await bodyOf(request)
  const method = request.method ?? ''
  const address = new URL(request.url ?? '/', fake.env['GITHUB_API_URL'])
  const shown = `${method} ${request.url ?? ''}${text === '' ? '' : ` ${text}`}`
  fake.asked.push(shown)
  const fault = fake.fault?.(shown)
  if (fault === 'drop') return void response.destroy()
  if (fault !== undefined) return void response.writeHead(fault.status, fault.headers).end(fault.body ?? '{}')
  const send = (status: number, body: unknown): void => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  }
  const refuse = (status: number, message: string): void => {
    fake.undocumented.push(`${status} ${shown}`)
    send(status, { message })
  }
  if (request.headers['user-agent'] === undefined) return refuse(403, 'Request forbidden by administrative rules.')
  if (request.headers.authorization !== `Bearer ${FAKE_TOKEN}` && method !== 'GET') return refuse(401, 'Bad credentials')
  if (text !== '' && request.headers['content-type'] !== 'application/json') return refuse(400, 'Problems parsing JSON')
  const body: unknown = text === '' ? undefined : JSON.parse(text)
  if (address.pathname === '/graphql') return send(200, mutate(fake, body))
  const match = matchOperation(method, address, body)
  if (!match.ok) return refuse(match.status, match.message)
  if (`${match.path['owner']}/${match.path['repo']}` !== fake.state.pull.base.repo.full_name)
    return send(404, { message: 'Not Found' })
  if (method !== 'GET') fake.changes.push(shown)
  const answer = ANSWERS[match.id]?.(fake.state, { ...match, body })
  if (answer === undefined) return send(404, { message: 'Not Found' })
  if (answer instanceof Refusal) return send(answer.status, { message: answer.message })
  send(expectAnswer(match.id, answer), answer)
}

class Refusal {
  readonly status: number
  readonly message: string

  constructor(status: number, message: string) {
    this.status = status
    this.message = message
  }
}

interface Asked {
  readonly path: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  readonly body: unknown
}

const REPOSITORY = '/repos/{owner}/{repo}'
const PULL = `${REPOSITORY}/pulls/{pull_number}`

const ANSWERS: Readonly<Record<string, (state: FakeState, asked: Asked) => unknown>> = {
  [`GET ${REPOSITORY}`]: ({ settings, pull }) => ({ full_name: pull.base.repo.full_name, ...settings }),
  [`GET ${PULL}`]: ({ pull, commits, files }, { path }) =>
    Number(path['pull_number']) === pull.number ? { ...pull, commits: commits.length, changed_files: files.length } : undefined,
  [`GET ${PULL}/files`]: ({ files }, asked) => page(files, asked),
  [`GET ${PULL}/commits`]: ({ commits }, asked) => page(commits, asked),
  [`GET ${REPOSITORY}/rules/branches/{branch}`]: ({ rules, pull }, asked) =>
    asked.path['branch'] === pull.base.ref ? page(rules, asked) : [],
  [`GET ${REPOSITORY}/commits/{ref}/check-runs`]: ({ checkRuns }, { path, query }) => {
    const named = checkRuns.filter(({ name }) => name === (query.get('check_name') ?? name))
    const runs = named.map((run) => ({
      ...run,
      head_sha: path['ref'],
      status: run.conclusion === null ? 'in_progress' : 'completed',
    }))
    return { total_count: runs.length, check_runs: runs }
  },
  [`POST ${REPOSITORY}/issues/{issue_number}/labels`]: ({ pull, knownLabels }, { body }) => {
    const isNew = (label: string): boolean => knownLabels?.includes(label) === false
    if ((body as { labels: string[] }).labels.some(isNew)) return new Refusal(403, 'Resource not accessible by integration')
    pull.labels.push(...(body as { labels: string[] }).labels.map((name) => ({ name })))
    return pull.labels
  },
  [`DELETE ${REPOSITORY}/issues/{issue_number}/labels/{name}`]: ({ pull }, { path }) => {
    if (!pull.labels.some(({ name }) => name === path['name'])) return new Refusal(404, 'Label does not exist')
    pull.labels = pull.labels.filter(({ name }) => name !== path['name'])
    return pull.labels
  },
  [`POST ${PULL}/requested_reviewers`]: ({ pull, collaborators }, { body }) => {
    const { reviewers, team_reviewers: teams } = body as { reviewers: string[]; team_reviewers: string[] }
    if (!reviewers.every((name) => collaborators.includes(name))) {
      return new Refusal(422, 'Reviews may only be requested from collaborators.')
    }
    pull.requested_reviewers.push(...reviewers.map((login) => ({ login })))
    pull.requested_teams.push(...teams.map((slug) => ({ slug })))
    return { number: pull.number }
  },
  [`PUT ${PULL}/merge`]: ({ pull, rules }, { body }) => {
    if (rules.some((rule) => (rule as { type: string }).type === 'merge_queue')) {
      return new Refusal(405, 'Changes must be made through the merge queue')
    }
    if ((body as { sha: string }).sha !== pull.head.sha) return new Refusal(409, 'Head branch was modified.')
    pull.state = 'closed'
    return { sha: pull.head.sha, merged: true }
  },
}

function page<Item>(all: readonly Item[], { query }: Asked): Item[] {
  const size = Math.min(100, Number(query.get('per_page') ?? '30'))
  const first = (Number(query.get('page') ?? '1') - 1) * size
  return all.slice(first, first + size)
}

function mutate(fake: FakeGitHub, body: unknown): object {
  const { query, variables } = body as { query: string; variables: { input: Record<string, string> } }
  const [, type = '', mutation = ''] = /^mutation \(\$input: (\w+)!\) \{ (\w+)\(input: \$input\) \{/u.exec(query) ?? []
  const { input } = variables
  if (type.toLowerCase() !== `${mutation}Input`.toLowerCase() || !takesInput(mutation, input)) {
    fake.undocumented.push(JSON.stringify(body))
    return { errors: [{ message: 'the query is not valid' }] }
  }
  const { pull, settings, isReady } = fake.state
  const against = (message: string): object => ({ data: { [mutation]: null }, errors: [{ type: 'UNPROCESSABLE', message }] })
  if (input['pullRequestId'] !== pull.node_id) return against('Could not resolve to a node')
  if (mutation === 'disablePullRequestAutoMerge') {
    if (pull.auto_merge === null) return against("Can't disable auto-merge for this pull request.")
    pull.auto_merge = null
  } else if (mutation === 'enqueuePullRequest') {
    if (input['expectedHeadOid'] !== pull.head.sha) return against('Head sha did not match the expected head')
  } else {
    if (settings['allow_auto_merge'] === false) return against('Pull request Auto merge is not allowed for this repository')
    if (input['expectedHeadOid'] !== pull.head.sha) return against('Head sha did not match the expected head')
    if (isReady) return against('Pull request Pull request is in clean status')
    pull.auto_merge = { enabled_by: ACTIONS, merge_method: (input['mergeMethod'] ?? 'MERGE').toLowerCase() }
  }
  fake.changes.push(`${mutation} ${JSON.stringify(input)}`)
  return { data: { [mutation]: { clientMutationId: null } } }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}
