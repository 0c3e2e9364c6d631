import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest'
import { type TestCache } from '../testing/test-cache.ts'
import { type CliWorkspace, createCliWorkspace } from '../testing/cli-workspace.ts'

let cache: TestCache
let root: string
let workspace: CliWorkspace

beforeEach(async () => {
  workspace = await createCliWorkspace()
  ;({ cache, root } = workspace)
})
afterEach(async () => workspace.dispose())

const run: CliWorkspace['run'] = async (...words) => workspace.run(...words)

const TOKEN = { INTERLOCK_CACHE_TOKEN: 't' }
const ADMIN = { INTERLOCK_CACHE_ADMIN_TOKEN: 'admin\n' }

describe('cache purge and cache quarantine', () => {
  const ENTRY = { tool: 'nx', scope: 'pr/1', hash: 'h', size: 1200 }
  const bodies: unknown[] = []
  beforeEach(() => {
    bodies.splice(0)
    cache.behave = (request, response) => {
      let text = ''
      request.on('data', (piece: Buffer) => (text += piece.toString()))
      request.on('end', () => {
        const body = JSON.parse(text) as { readonly dryRun: boolean }
        bodies.push(body)
        response.end(
          JSON.stringify({ dryRun: body.dryRun, matched: 1, bytes: 1200, changed: body.dryRun ? 0 : 1, entries: [ENTRY] }),
        )
      })
      return true
    }
  })

  it('say what they would do', async () => {
    const { status, prose } = await run('cache purge', { run: '4711' }, ADMIN)
    expect({ status, prose }).toMatchInlineSnapshot(`
      {
        "prose": "nx  pr/1  h  1.2 kB
      would purge 1 entry, 1.2 kB; nothing was done: repeat it with --yes",
        "status": 0,
      }
    `)
    expect(bodies).toEqual([{ run: '4711', block: false, dryRun: true }])
    expect(cache.requests[0]).toMatchObject({ url: '/ns/acme/v1/admin/purge', headers: { authorization: 'Bearer admin' } })
  })

  it('do it with --yes', async () => {
    expect((await run('cache purge', { scope: 'pr/*', block: true, yes: true }, ADMIN)).prose).toContain(
      'purge and block: 1 of 1 entry, 1.2 kB',
    )
    expect((await run('cache quarantine', { everything: true, yes: true }, ADMIN)).prose).toContain('quarantine: 1 of 1 entry')
    expect((await run('cache quarantine', { digest: 'ab', release: true, yes: true }, ADMIN)).prose).toContain(
      'release: 1 of 1 entry',
    )
    expect(bodies).toEqual([
      { scope: 'pr/*', block: true, dryRun: false },
      { everything: true, release: false, dryRun: false },
      { digest: 'ab', release: true, dryRun: false },
    ])
  })

  it('take the token from a file', async () => {
    writeFileSync(join(root, 'token'), 'of-file\n')
    await run('cache purge', { run: '1', tokenFile: 'token' })
    expect(cache.requests[0]?.headers.authorization).toBe('Bearer of-file')
  })

  it.each([
    ['nothing is chosen', {}, ADMIN, 'USAGE: nothing is chosen'],
    ['everything and something', { everything: true, run: '1' }, ADMIN, 'USAGE: --everything leaves nothing to choose'],
    ['no token', { run: '1' }, {}, 'USAGE: no admin token in INTERLOCK_CACHE_ADMIN_TOKEN'],
    [
      'a token of two lines',
      { run: '1' },
      { INTERLOCK_CACHE_ADMIN_TOKEN: 'a\nb' },
      'USAGE: what is in INTERLOCK_CACHE_ADMIN_TOKEN is no token',
    ],
    ['no such file', { run: '1', tokenFile: 'none' }, {}, 'FILE_UNREADABLE: none: cannot be read (ENOENT)'],
  ])('ask for more where there is %s', async (_, options, env: Record<string, string>, message) => {
    await expect(run('cache purge', options, env)).rejects.toThrow(message)
    expect(cache.requests).toEqual([])
  })

  it.each([
    [403, 'forbidden', 'CACHE_REFUSED: the cache answers with status 403: forbidden'],
    [400, '{"problems":["x\u001b[31m"]}', 'CACHE_REFUSED: the cache answers with status 400: {"problems":["x [31m"]}'],
    [200, '<html>', 'CACHE_REFUSED: the answer of the cache is not that of an Interlock cache'],
  ])('say what a refusal with status %i was', async (status, text, message) => {
    cache.behave = (request, response) => (request.resume(), response.writeHead(status).end(text), true)
    await expect(run('cache purge', { run: '1' }, ADMIN)).rejects.toThrow(message)
  })

  it('say that nobody answers', async () => {
    await cache.kill()
    await expect(run('cache purge', { run: '1' }, ADMIN)).rejects.toThrow('CACHE_UNREACHABLE')
    await cache.revive()
  })
})

test('cache status ends well whatever it finds', async () => {
  const { status, prose } = await run('cache status', {}, TOKEN)
  expect(status).toBe(0)
  expect(prose.replaceAll(cache.url, 'URL')).toMatchInlineSnapshot(`
    "cache     URL with a token
    last run  none with a cache
    shield    none runs; the next run of Nx starts one
    server    no status: status 404; "interlock cache doctor" looks closer"
  `)
  writeFileSync(join(root, 'interlock.yaml'), '')
  expect((await run('cache status')).prose).toContain('cache     none: neither interlock.yaml nor INTERLOCK_CACHE_URL names one')
})

test.each([
  ['null', 'server    no status: the answer is no report; "interlock cache doctor" looks closer'],
  ['[1]', 'server    no status: the answer is no report; "interlock cache doctor" looks closer'],
  ['"text"', 'server    no status: the answer is no report; "interlock cache doctor" looks closer'],
  ['<html>', 'server    no status: the answer is no JSON; "interlock cache doctor" looks closer'],
  ['{"entries":3,"note":"x\\u001b[2J\\ny","deep":{}}', 'server    entries 3, note x [2J y'],
])('cache status shows of a server that answers %s what can be shown', async (text, line) => {
  cache.behave = (_, response) => (response.end(text), true)
  const { status, prose } = await run('cache status', {}, TOKEN)
  expect(status).toBe(0)
  expect(prose?.split('\n').at(-1)).toBe(line)
})
