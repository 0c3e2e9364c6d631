import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Invocation, Outcome } from '@interlock/cli'
import { annotation, EXIT, InterlockError, parseOptions } from '@interlock/kit'
import { parseNeeds, plannedTests } from '../core/needs.ts'
import { type Change, changesFor, type MergeMethod, sentenceOf } from '../core/update/changes.ts'
import { type Decision, decideUpdate } from '../core/update/decide.ts'
import { eventSchema, type PullRequestEvent } from '../core/update/facts.ts'
import { readMetadata } from '../core/update/metadata.ts'
import { requestOf } from '../core/update/requests.ts'
import { addSummary, tableRow } from '../io/github.ts'
import { githubOf } from '../io/github-api.ts'
import { makeChanges, type Target } from '../io/update-changes.ts'
import { observeUpdate } from '../io/update.ts'

/** Where the workflow puts what `dependabot/fetch-metadata` gives. */
const METADATA = 'INTERLOCK_UPDATE'
const NEEDS = 'INTERLOCK_NEEDS'

/** `interlock ci update`: what becomes of a pull request of Dependabot. Exit 5 when it may not be decided on. */
export async function runUpdate(invocation: Invocation): Promise<Outcome> {
  const { env, options } = invocation
  const isDry = options['dryRun'] === true
  const reviewers = reviewersOf(options['reviewers'])
  const github = githubOf(env)
  if (github.rest.token === '' && !isDry)
    throw new InterlockError('CONFIG_INVALID', 'GITHUB_TOKEN is not set', { hint: TOKEN_HINT })
  const event = eventOf(invocation)
  const wanted = methodOption(options['method'])
  const { methods, ...observed } = await observeUpdate(github, event)
  const decision = decideUpdate({ ...observed, metadata: readMetadata(env[METADATA]), tests: testsOf(env[NEEDS]) })
  const hasQueue = observed.rules.some(({ type }) => type === 'merge_queue')
  const target: Target = { pull: observed.pull, repository: event.repository.full_name, hasQueue }
  const method = decision.kind === 'merge' ? methodOf(wanted, methods) : 'squash'
  const changes = changesFor(decision, target.pull, { reviewers, method })
  const done = isDry ? [] : await makeChanges(github, changes, target)
  const report: Report = { decision, target, lines: isDry ? changes.map((change) => wouldBe(change, target)) : done }
  addSummary(env, summaryOf(report))
  return {
    status: decision.kind === 'refused' ? EXIT.refused : EXIT.done,
    prose: proseOf(report, invocation),
    data: { ...decision, changes, dryRun: isDry },
  }
}

const TOKEN_HINT =
  'give the step the token of its job, with contents: write, pull-requests: write and checks: read; --dry-run needs none'

function eventOf({ root, options, env }: Invocation): PullRequestEvent {
  const given = options['event']
  const path = typeof given === 'string' ? resolve(root, given) : (env['GITHUB_EVENT_PATH'] ?? '')
  const shown = typeof given === 'string' ? given : 'GITHUB_EVENT_PATH'
  if (path === '') {
    throw new InterlockError('USAGE', 'there is no pull request', { hint: 'name the payload of its event with --event' })
  }
  if (env['GITHUB_EVENT_NAME'] === 'pull_request_target') {
    throw new InterlockError('CONFIG_INVALID', 'pull_request_target gives a pull request the rights of the branch it is for', {
      hint: 'start the workflow on pull_request',
    })
  }
  return parseOptions(eventSchema, readPayload(path, shown), { what: 'the fields of the event', file: shown })
}

function readPayload(path: string, shown: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code
    const why = code === undefined ? 'is not JSON' : `cannot be read (${code})`
    throw new InterlockError('FILE_UNREADABLE', why, { file: shown, hint: 'give the payload of pull_request', cause })
  }
}

function testsOf(text: string | undefined): number | undefined {
  return text === undefined || text.trim() === '' ? undefined : plannedTests(parseNeeds(text, NEEDS), 'plan')
}

function reviewersOf(value: unknown): string[] {
  const words = Array.isArray(value) ? (value as readonly string[]) : []
  const names = words.flatMap((word) => word.split(',')).filter((name) => name !== '')
  const odd = names.find((name) => !/^[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})(?:\/[\w.-]{1,100})?$/u.test(name))
  if (odd === undefined) return [...new Set(names)]
  throw new InterlockError('USAGE', `--reviewers: ${JSON.stringify(odd)} is no user, and no team as organization/team`)
}

const METHODS: readonly MergeMethod[] = ['squash', 'merge', 'rebase']

function methodOption(value: unknown): MergeMethod | undefined {
  const method = METHODS.find((known) => known === value)
  if (method !== undefined || value === undefined) return method
  throw new InterlockError('USAGE', `--method is one of ${METHODS.join(', ')}, not ${JSON.stringify(value)}`)
}

function methodOf(wanted: MergeMethod | undefined, allowed: readonly MergeMethod[]): MergeMethod {
  const method = wanted ?? allowed[0]
  if (method !== undefined && allowed.includes(method)) return method
  const ways = allowed.length === 0 ? 'no way to merge' : allowed.join(', ')
  throw new InterlockError('CONFIG_INVALID', `the repository allows ${ways}`, { hint: 'give --method one that it allows' })
}

interface Report {
  readonly decision: Decision
  readonly target: Target
  /** What was done, or would be. */
  readonly lines: readonly string[]
}

function wouldBe(change: Change, { pull, repository }: Target): string {
  const request = requestOf(change, pull, repository)
  const [call, body] =
    request.kind === 'rest'
      ? [`${request.method} /${request.names.join('/')}`, request.body]
      : [`POST /graphql ${request.mutation}`, request.input]
  return `would be: ${sentenceOf(change)}\n    ${call}${body === undefined ? '' : ` ${JSON.stringify(body)}`}`
}

const WORDS: Readonly<Record<Decision['kind'], string>> = {
  merge: 'merges by itself once the gate is green',
  review: 'a person decides',
  security: 'a person decides, soon: it answers an advisory',
  refused: 'is refused',
  outdated: 'nothing to decide',
}

function proseOf({ decision, target, lines }: Report, { env }: Invocation): string {
  const { kind, reasons } = decision
  const told = reasons.map((reason) => `  ${reason}`)
  const refused = kind === 'refused' ? reasons.flatMap((message) => annotation(env, 'error', { title: 'update', message })) : []
  const nothing = lines.length === 0 ? ['nothing has to change'] : lines
  return [`pull request ${target.pull.number}: ${WORDS[kind]}`, ...told, ...nothing, ...refused].join('\n')
}

function summaryOf({ decision, lines }: Report): string {
  const rows = [...decision.reasons.map((reason) => ['why', reason]), ...lines.map((line) => ['done', line])]
  return [`### Update: ${WORDS[decision.kind]}`, '', tableRow(['', '']), '|---|---|', ...rows.map(tableRow), ''].join('\n')
}
