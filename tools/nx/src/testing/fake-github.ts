import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { operations } from '@octokit/openapi-types'
import { type FakeJob, type FakeRun, job, workflowRun } from './github-answers.ts'

export const FAKE_TOKEN = 'ghs_test_token'
const REPOSITORY = 'octo/repo'

type RunsOperation = operations['actions/list-workflow-runs']
type JobsOperation = operations['actions/list-jobs-for-workflow-run']
type Answer<Operation extends RunsOperation | JobsOperation> = Operation['responses'][200]['content']['application/json']

/** What a test can do to the next answers; `undefined` leaves them as they are. */
export type Disturbance = (address: URL, response: ServerResponse) => boolean

/** A server on loop-back that knows runs of workflows, and answers two questions of GitHub's REST API as it documents them. */
export interface FakeGitHub {
  /** What GitHub Actions would set. */
  readonly env: Readonly<Record<string, string>>
  readonly runs: FakeRun[]
  /** Adds a run of a push to main of `ci.yml` whose gate passed, changed by `given`. Newer runs are added later. */
  readonly add: (commit: string, given?: Partial<FakeRun> & { readonly gate?: FakeJob['conclusion'] }) => FakeRun
  /** Addresses that were asked for, in order. */
  readonly asked: string[]
  /** Questions that GitHub does not document, or without the token. */
  readonly refused: string[]
  disturbance: Disturbance | undefined
  readonly reset: () => void
  readonly close: () => Promise<void>
}

export async function startFakeGitHub(): Promise<FakeGitHub> {
  const server = createServer((request, response) => answer(fake, request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const fake: FakeGitHub = {
    env: {
      GITHUB_ACTIONS: 'true',
      GITHUB_API_URL: `http://127.0.0.1:${port}`,
      GITHUB_TOKEN: FAKE_TOKEN,
      GITHUB_REPOSITORY: REPOSITORY,
      GITHUB_WORKFLOW_REF: `${REPOSITORY}/.github/workflows/ci.yml@refs/heads/main`,
    },
    runs: [],
    add: (commit, { gate = 'success', ...given } = {}) => {
      const jobs: FakeJob[] = [
        { name: 'plan', status: 'completed', conclusion: 'success' },
        { name: 'gate', status: 'completed', conclusion: gate },
      ]
      const run: FakeRun = {
        id: 1000 + fake.runs.length,
        commit,
        branch: 'main',
        event: 'push',
        status: 'completed',
        conclusion: gate,
        from: REPOSITORY,
        workflow: 'ci.yml',
        jobs,
        ...given,
      }
      fake.runs.unshift(run)
      return run
    },
    asked: [],
    refused: [],
    disturbance: undefined,
    reset: () => {
      for (const list of [fake.runs, fake.asked, fake.refused]) list.length = 0
      fake.disturbance = undefined
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  return fake
}

function answer(fake: FakeGitHub, request: IncomingMessage, response: ServerResponse): void {
  const address = new URL(request.url ?? '/', fake.env['GITHUB_API_URL'])
  fake.asked.push(`${address.pathname}${address.search}`)
  if (fake.disturbance?.(address, response) === true) return
  const refuse = (status: number, why: string): void => {
    fake.refused.push(`${status} ${why}: ${request.method ?? ''} ${request.url ?? ''}`)
    send(response, { message: why }, { status })
  }
  if (request.method !== 'GET') return refuse(405, 'method')
  if (request.headers.authorization !== `Bearer ${FAKE_TOKEN}`) return refuse(401, 'token')
  if (request.headers['user-agent'] === undefined) return refuse(403, 'user agent')
  const list = /^\/repos\/octo\/repo\/actions\/workflows\/(?<file>[^/]+)\/runs$/u.exec(address.pathname)?.groups?.['file']
  const id = /^\/repos\/octo\/repo\/actions\/runs\/(?<id>\d+)\/jobs$/u.exec(address.pathname)?.groups?.['id']
  const allowed = list === undefined ? JOBS_QUERY : RUNS_QUERY
  const wrong = [...address.searchParams].find(([name, value]) => allowed[name]?.test(value) !== true)
  if (wrong !== undefined) return refuse(422, `parameter ${wrong.join('=')}`)
  if (list !== undefined) return sendRuns(fake, { file: decodeURIComponent(list), address, response })
  const run = fake.runs.find((each) => String(each.id) === id)
  if (run === undefined) return refuse(404, 'route')
  const { items, total, headers } = page(run.jobs, address)
  const body: Answer<JobsOperation> = { total_count: total, jobs: items.map((each, index) => job(each, run, index + 1)) }
  send(response, body, { headers })
}

/** The parameters of both questions with the values that GitHub documents. */
const PAGES = { per_page: /^(?:[1-9]\d?|100)$/u, page: /^[1-9]\d*$/u }
const RUNS_QUERY: Readonly<Record<string, RegExp>> = {
  ...PAGES,
  branch: /^.+$/u,
  event: /^[a-z_]+$/u,
  status: /^(?:completed|success|failure|cancelled|in_progress|queued)$/u,
  exclude_pull_requests: /^(?:true|false)$/u,
} satisfies { readonly [Name in keyof Exclude<RunsOperation['parameters']['query'], undefined>]: RegExp }
const JOBS_QUERY: Readonly<Record<string, RegExp>> = {
  ...PAGES,
  filter: /^(?:latest|all)$/u,
} satisfies { readonly [Name in keyof Exclude<JobsOperation['parameters']['query'], undefined>]: RegExp }

interface RunsRequest {
  readonly file: string
  readonly address: URL
  readonly response: ServerResponse
}

/** As GitHub does, a branch is matched by its name alone: a fork's branch of that name is listed too. */
function sendRuns(fake: FakeGitHub, { file, address, response }: RunsRequest): void {
  const { searchParams: query } = address
  const listed = fake.runs.filter(
    (run) =>
      run.workflow === file &&
      (query.get('branch') ?? run.branch) === run.branch &&
      (query.get('event') ?? run.event) === run.event &&
      [run.status, run.conclusion].includes(query.get('status') ?? run.status),
  )
  const { items, total, headers } = page(listed, address)
  const body: Answer<RunsOperation> = { total_count: total, workflow_runs: items.map((run) => workflowRun(run, REPOSITORY)) }
  send(response, body, { headers })
}

interface Page<Item> {
  readonly items: readonly Item[]
  readonly total: number
  readonly headers: Readonly<Record<string, string>>
}

function page<Item>(all: readonly Item[], address: URL): Page<Item> {
  const size = Number(address.searchParams.get('per_page') ?? '30')
  const number = Number(address.searchParams.get('page') ?? '1')
  const link = (to: number, name: string): string => {
    const other = new URL(address)
    other.searchParams.set('page', String(to))
    return `<${other.href}>; rel="${name}"`
  }
  const last = Math.max(1, Math.ceil(all.length / size))
  const links = [
    ...(number > 1 ? [link(number - 1, 'prev')] : []),
    ...(number < last ? [link(number + 1, 'next'), link(last, 'last')] : []),
  ]
  const headers: Record<string, string> = links.length === 0 ? {} : { link: links.join(', ') }
  return { items: all.slice((number - 1) * size, number * size), total: all.length, headers }
}

interface Head {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
}

function send(response: ServerResponse, body: unknown, { status = 200, headers = {} }: Head): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
}
