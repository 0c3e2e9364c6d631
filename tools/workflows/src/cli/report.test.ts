import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Outcome } from '@interlock/cli'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { verbs } from './index.ts'

const TOKEN = 'ghs_fake_0123456789'
const SECRETS =
  'ci:\n  environments: [{ name: crates }]\n  secrets: [{ name: TOKEN, environment: crates, owner: "@us/release", maxAgeDays: 90 }]\n'

let root: string
let server: Server
/** Runs that the server has, and what it says of secrets. */
let runs: object[]
let secrets: { readonly status: number; readonly body: object }
let asked: string[]

function ago(days: number): string {
  return new Date(Date.now() - days * 24 * 60 * 60 * 1000).toISOString()
}

function run(days: number, more: object = {}): object {
  const [start, end] = [ago(days), ago(days - 0.01)]
  const base = { path: '.github/workflows/ci.yml', event: 'push', head_branch: 'main', status: 'completed' }
  return { ...base, conclusion: 'success', run_attempt: 1, run_started_at: start, updated_at: end, ...more }
}

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'interlock-report-'))
  writeFileSync(join(root, 'nx.json'), '{}')
  runs = [run(1)]
  secrets = { status: 403, body: { message: 'Resource not accessible by integration' } }
  asked = []
  server = createServer((request, response) => {
    const address = new URL(request.url ?? '', 'http://127.0.0.1')
    asked.push(address.pathname)
    const send = (status: number, body: object): void =>
      void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    if (request.headers.authorization !== `Bearer ${TOKEN}`) return send(401, { message: 'Bad credentials' })
    if (address.pathname === '/repos/us/proxy/actions/runs') {
      if (!/^>=\d{4}-\d{2}-\d{2}$/u.test(address.searchParams.get('created') ?? '')) return send(422, { message: 'created' })
      const [size, page] = ['per_page', 'page'].map((name) => Number(address.searchParams.get(name) ?? 1)) as [number, number]
      return send(200, { total_count: runs.length, workflow_runs: runs.slice((page - 1) * size, Math.min(page * size, 1000)) })
    }
    if (address.pathname === '/repos/us/proxy/environments/crates/secrets') return send(secrets.status, secrets.body)
    return send(404, { message: 'Not Found' })
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
})
afterEach(() => {
  server.closeAllConnections()
  server.close()
  rmSync(root, { recursive: true })
})

async function report(
  options: Readonly<Record<string, unknown>> = {},
  env: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  const verb = verbs.find(({ name }) => name === 'ci report')
  if (verb === undefined) throw new Error('no such verb')
  const { port } = server.address() as AddressInfo
  const github = { GITHUB_API_URL: `http://127.0.0.1:${port}`, GITHUB_TOKEN: TOKEN, GITHUB_REPOSITORY: 'us/proxy' }
  return verb.run({ root, env: { ...github, ...env }, arguments: [], options, rest: [], json: false })
}

describe('interlock ci report', () => {
  it('says what became of the runs, here and in the summary of the job', async () => {
    runs = [run(1), run(2, { run_attempt: 3 }), run(3, { conclusion: 'failure' })]
    const file = join(root, 'summary')
    const outcome = await report({}, { GITHUB_STEP_SUMMARY: file })
    expect(outcome.status).toBe(0)
    expect(outcome.prose).toMatch(/^ci\.yml +3 +2 +1 +0 +1 +14\.4 min +14\.4 min$/mu)
    expect(readFileSync(file, 'utf8')).toContain('| ci.yml | 3 | 2 | 1 | 0 | 1 | 14.4 min | 14.4 min |')
  })

  it('reads every page, and says where there are more than GitHub shows', async () => {
    runs = Array.from({ length: 1203 }, () => run(1))
    const outcome = await report({ days: '90' })
    expect(outcome.data).toMatchObject({ days: 90, runs: 1000, total: 1203 })
    expect(outcome.prose).toContain('only the newest 1000 of 1203 runs were read')
  })

  it.each([
    [[], 'ci.yml has not judged main in the last 30 days'],
    [[run(9)], 'ci.yml judged main 8 days ago: it runs every night'],
    [[run(1, { event: 'pull_request' })], 'ci.yml has not judged main in the last 30 days'],
  ])('promise-1: is red where nothing judges the branch any more', async (given, sentence) => {
    runs = given
    const outcome = await report()
    expect(outcome.status).toBe(1)
    expect(outcome.prose).toContain(sentence)
  })

  it('promise-1: is not green where the token may not see how old a secret is', async () => {
    writeFileSync(join(root, 'interlock.yaml'), SECRETS)
    const outcome = await report()
    expect(outcome).toMatchObject({ status: 3, data: { secrets: [{ name: 'TOKEN', state: 'not checked' }] } })
    expect(outcome.prose).toContain('GitHub answered 403')
    expect(JSON.stringify(outcome)).not.toContain(TOKEN)
  })

  it.each([
    [ago(10), 0, 'fresh'],
    [ago(100), 1, 'old'],
  ])('compares a secret of %s with its age', async (updated, status, state) => {
    writeFileSync(join(root, 'interlock.yaml'), SECRETS)
    secrets = { status: 200, body: { total_count: 1, secrets: [{ name: 'TOKEN', created_at: updated, updated_at: updated }] } }
    expect(await report()).toMatchObject({ status, data: { secrets: [{ state }] } })
  })

  it('refuses what it cannot ask, before it asks', async () => {
    await expect(report({ days: '0' })).rejects.toThrow('--days takes a whole number from 1 to 400, not "0"')
    await expect(report({}, { GITHUB_REPOSITORY: '../..' })).rejects.toThrow(/CONFIG_INVALID/u)
    await expect(report({}, { GITHUB_REPOSITORY: '' })).rejects.toThrow('GITHUB_REPOSITORY does not name a repository')
    expect(asked).toEqual([])
  })

  it('fails where GitHub does not answer, with what it said', async () => {
    await expect(report({}, { GITHUB_TOKEN: 'wrong' })).rejects.toThrow(/GITHUB_REFUSED: GET .*GitHub answered 401/u)
    runs = [{ ...run(1), updated_at: 'yesterday' }]
    await expect(report()).rejects.toThrow(/the answer is not what GitHub documents/u)
  })
})
