import { describe, expect, it } from 'vitest'
import { eventFor, payloadAt, textAt } from './event.ts'
import { parseEventFile } from './event-file.ts'
import { fixtureEvent, FIXTURES } from './fixtures.ts'
import { githubContext, githubVariables } from './github-context.ts'
import { parseWorkflow } from './parse-workflow.ts'

const FACTS = { repository: 'o/r', mainBranch: 'trunk', head: 'a'.repeat(40), before: 'b'.repeat(40), base: 'c'.repeat(40) }
const events = Object.fromEntries(FIXTURES.map((fixture) => [fixture.name, fixtureEvent(fixture, FACTS, undefined)]))
const workflow = parseWorkflow({
  file: '.github/workflows/ci.yml',
  text: 'name: ci\non: { schedule: [{ cron: 0 2 * * * }], workflow_dispatch: { inputs: { level: { default: 3 }, name: } } }\njobs: { a: { runs-on: x, steps: [{ run: x }] } }\n',
})

describe('the fixtures', () => {
  it('are at least the twelve that every workflow is tried with, each with a name of its own', () => {
    expect(new Set(FIXTURES.map(({ name }) => name)).size).toBe(FIXTURES.length)
    expect(Object.keys(events)).toEqual(
      expect.arrayContaining([
        'push',
        'push-tag',
        'pull-request-opened',
        'pull-request-synchronize',
        'pull-request-labeled',
        'pull-request-unlabeled',
        'pull-request-fork',
        'pull-request-dependabot',
        'pull-request-workflow-only',
        'merge-group',
        'schedule',
        'workflow-dispatch',
      ]),
    )
  })

  it.each(Object.entries(events))('%s is about the commit that is checked out, and names its repository', (_, event) => {
    expect(event.sha).toBe(FACTS.head)
    expect(event.ref).toMatch(/^refs\//)
    expect(textAt(event.payload, 'repository.full_name')).toBe('o/r')
    expect(textAt(event.payload, 'repository.default_branch')).toBe('trunk')
    expect(textAt(event.payload, 'sender.login')).toBe(event.actor)
  })

  it('differ in what tells a fork and Dependabot', () => {
    const fork = events['pull-request-fork']?.payload
    expect([textAt(fork, 'pull_request.head.repo.full_name'), textAt(fork, 'pull_request.base.repo.full_name')]).toEqual([
      'stranger/r',
      'o/r',
    ])
    expect(payloadAt(fork, 'pull_request.head.repo.fork')).toBe(true)
    expect(textAt(events['pull-request-dependabot']?.payload, 'pull_request.user.login')).toBe('dependabot[bot]')
    expect(events['pull-request-dependabot']?.actionOutputs['dependabot/fetch-metadata']).toMatchObject({
      'update-type': 'version-update:semver-patch',
    })
    expect(events['pull-request-dependabot-major']?.actionOutputs['dependabot/fetch-metadata']).toMatchObject({
      'update-type': 'version-update:semver-major',
    })
  })

  it('have the commits that a base is found with', () => {
    expect(payloadAt(events['pull-request-opened']?.payload, 'pull_request.base')).toMatchObject({
      sha: FACTS.base,
      ref: 'trunk',
    })
    expect(payloadAt(events['merge-group']?.payload, 'merge_group')).toMatchObject({
      base_sha: FACTS.base,
      base_ref: 'refs/heads/trunk',
      head_sha: FACTS.head,
    })
    expect(events['push']?.payload).toMatchObject({
      before: FACTS.before,
      after: FACTS.head,
      ref: 'refs/heads/trunk',
      created: false,
    })
    expect(events['push-tag']?.payload).toMatchObject({ before: '0'.repeat(40), created: true })
  })

  it('get the schedule and the inputs of the workflow that they start', () => {
    const { schedule, 'workflow-dispatch': dispatch, push } = events
    if (schedule === undefined || dispatch === undefined || push === undefined) throw new Error('no such fixture')
    expect(eventFor(workflow, schedule).payload).toMatchObject({ schedule: '0 2 * * *' })
    expect(eventFor(workflow, { ...dispatch, payload: { inputs: { name: 'x' } } }).payload).toEqual({
      inputs: { level: '3', name: 'x' },
    })
    expect(eventFor(workflow, push)).toBe(push)
  })

  it('become the context and the variables of a run, without a token', () => {
    const event = events['pull-request-opened']
    if (event === undefined) throw new Error('no such fixture')
    const github = githubContext(workflow, event, { repository: 'o/r', workspace: '/w', eventFile: '/e.json' })
    expect(github).toMatchObject({
      ref_name: '7/merge',
      head_ref: 'change',
      base_ref: 'trunk',
      token: '',
      workflow_ref: 'o/r/.github/workflows/ci.yml@refs/pull/7/merge',
    })
    expect(githubVariables({ ...github, job: 'a' })).toMatchObject({
      CI: 'true',
      GITHUB_ACTIONS: 'true',
      GITHUB_JOB: 'a',
      GITHUB_EVENT_PATH: '/e.json',
    })
    expect(Object.keys(githubVariables(github)).filter((name) => name.includes('TOKEN'))).toEqual([])
  })
})

describe('an event in a file', () => {
  const parse = (text: string): ReturnType<typeof parseEventFile> => parseEventFile({ file: 'e.json', text }, FACTS)

  it('says what it says, and the rest comes from its payload', () => {
    expect(parse('{"name":"pull_request","payload":{"pull_request":{"number":12},"sender":{"login":"x"}}}')).toMatchObject({
      ref: 'refs/pull/12/merge',
      sha: FACTS.head,
      actor: 'x',
    })
    expect(parse('{"name":"push","payload":{"ref":"refs/tags/v1"}}')).toMatchObject({ ref: 'refs/tags/v1' })
    expect(parse('{"name":"push","payload":{"ref":"$(id)"}}')).toMatchObject({ ref: 'refs/heads/trunk' })
    expect(parse('{"name":"schedule","payload":{},"variables":{"A":"1"}}')).toMatchObject({
      ref: 'refs/heads/trunk',
      variables: { A: '1' },
    })
  })

  it('may have 5 MB', () => {
    expect(parse(JSON.stringify({ name: 'push', payload: { body: 'x'.repeat(5_000_000) } })).name).toBe('push')
  })

  it.each([
    ['', 'is not JSON'],
    ['{', 'is not JSON'],
    ['[]', '(all): '],
    ['{"payload":{}}', 'name: '],
    ['{"name":"push"}', 'payload: '],
    ['{"name":"$(id)","payload":{}}', 'name: is not the name of an event'],
    ['{"name":"push","payload":{},"ref":"main"}', 'ref: is not the full name of a ref'],
    ['{"name":"push","payload":{},"ref":"refs/heads/a\\nb"}', 'ref: is not the full name of a ref'],
    ['{"name":"push","payload":{},"sha":"--all"}', 'sha: is not the full id of a commit'],
    ['{"name":"push","payload":{},"secrets":{}}', 'secrets'],
  ])('promise-1: %j is refused', (text, reason) => {
    expect(() => parse(text)).toThrow(/^CONFIG_INVALID: e\.json: /)
    expect(() => parse(text)).toThrow(reason)
  })
})
