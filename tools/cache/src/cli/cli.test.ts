import { generateKeyPairSync, sign } from 'node:crypto'
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Invocation, Outcome } from '@interlock/cli'
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest'
import { createTestCache, headersOf, type TestCache } from '../testing/test-cache.ts'
import { HEADERS, signedText } from '../wire.ts'
import { verbs } from './index.ts'

let cache: TestCache
let root: string

beforeEach(async () => {
  cache = await createTestCache()
  root = realpathSync(mkdtempSync(join(tmpdir(), 'interlock-cache-cli-')))
  writeFileSync(join(root, 'interlock.yaml'), `cache:\n  url: ${cache.url}\n  workspace: acme\n`)
})
afterEach(async () => {
  rmSync(root, { recursive: true })
  await cache.dispose()
})

async function run(name: string, options: object = {}, env: Record<string, string> = {}): Promise<Outcome> {
  const verb = verbs.find((each) => each.name === name)
  const invocation: Invocation = { root, env, options: { ...options }, arguments: [], rest: [], json: false }
  return verb?.run(invocation) ?? Promise.reject(new Error(`no verb ${name}`))
}

const TOKEN = { INTERLOCK_CACHE_TOKEN: 't' }
const ADMIN = { INTERLOCK_CACHE_ADMIN_TOKEN: 'admin\n' }

describe('cache doctor', () => {
  it('says of a cache that works what works', async () => {
    const { status, prose } = await run('cache doctor', {}, TOKEN)
    expect(status).toBe(0)
    expect(
      prose
        .replace(/\d+\.\d ms/, '1.0 ms')
        .replaceAll(cache.url, 'URL')
        .replace(/\d s ahead of/, '0 s ahead of')
        .replace(/\d+ bytes went/, 'N bytes went'),
    ).toMatchInlineSnapshot(`
      "note         address     URL answers, with status 404 to /v1/status: a cache of another make?
      good         clock       0 s ahead of that of the cache
      good         credential  a token, sent as it is
      good         read        what is not there is not found
      good         write       N bytes went there and came back
      note         signature   interlock.yaml names no key, so nobody looks at signatures
      good         round trip  1.0 ms

      this machine can use the cache"
    `)
    expect(cache.store.size).toBe(1)
  })

  it('writes nothing when it is told so', async () => {
    expect((await run('cache doctor', { readOnly: true }, TOKEN)).status).toBe(0)
    expect(cache.requests.filter(({ method }) => method === 'PUT')).toEqual([])
  })

  it('exchanges an identity token and says which rule matched', async () => {
    const { prose } = await run('cache doctor', {}, { INTERLOCK_CACHE_ID_TOKEN: 'identity' })
    expect(prose).toContain('good         credential  rule test of acme: reads trusted/main, writes trusted/main')
  })

  /** What is wrong, the behaviour that is wrong, the status, and a line that says so. */
  const ILLS: readonly (readonly [string, (url: string) => number | undefined, Record<string, string>, RegExp])[] = [
    ['a server in trouble', () => 500, TOKEN, /^bad {10}read {8}server error: status 500\n {25}look at the log of the server$/m],
    [
      'a token that nobody knows',
      (url) => (url.includes('/v1/cache') ? 401 : undefined),
      TOKEN,
      /^bad {10}read {8}the cache does not know the token$/m,
    ],
    [
      'an identity without a rule',
      (url) => (url === '/v1/token' ? 403 : undefined),
      { INTERLOCK_CACHE_ID_TOKEN: 'i' },
      /^bad {10}credential {2}the cache refuses the identity of this job: status 403$/m,
    ],
    [
      'no exchange',
      (url) => (url === '/v1/token' ? 500 : undefined),
      { INTERLOCK_CACHE_ID_TOKEN: 'i' },
      /^bad {10}credential {2}token exchange failed: status 500\n {25}the cache does not exchange tokens/m,
    ],
  ]
  it.each(ILLS)('finds %s', async (_, statusOf, env, line) => {
    cache.behave = (request, response) => {
      const status = statusOf(request.url ?? '')
      if (status === undefined) return false
      request.resume()
      response.writeHead(status).end()
      return true
    }
    const { status, prose } = await run('cache doctor', {}, env)
    expect(prose).toMatch(line)
    expect(status).toBe(1)
  })

  it('finds a clock that is wrong', async () => {
    cache.behave = (_, response) => (response.setHeader('date', new Date(Date.now() - 3_600_000).toUTCString()), false)
    const { status, prose } = await run('cache doctor', {}, TOKEN)
    expect(prose).toMatch(/^bad {10}clock {7}360\d s ahead of that of the cache: tokens are refused beyond 60 s$/m)
    expect(status).toBe(1)
  })

  it('calls a reader a reader', async () => {
    cache.behave = (request, response) =>
      request.method === 'PUT' && (request.resume(), response.writeHead(403, { [HEADERS.reason]: 'forbidden' }).end(), true)
    const { status, prose } = await run('cache doctor', {}, TOKEN)
    expect(prose).toContain('note         write       this token reads only (forbidden): right for a laptop')
    expect(status).toBe(0)
  })

  it('looks at the signature of what comes back', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519')
    const key = publicKey.export({ format: 'jwk' }).x ?? ''
    writeFileSync(join(root, 'interlock.yaml'), `cache:\n  url: ${cache.url}\n  workspace: acme\n  publicKeys: [${key}]\n`)
    expect((await run('cache doctor', {}, TOKEN)).prose).toMatch(
      /^bad {10}signature {3}what was written did not come back: no signature$/m,
    )
    cache.behave = (request, response) => {
      const hash = request.url?.split('/').at(-1) ?? ''
      const bytes = request.method === 'GET' ? cache.store.get(hash) : undefined
      if (bytes === undefined) return false
      const headers = headersOf(bytes)
      const text = signedText({
        workspace: 'acme',
        tool: 'nx',
        scope: 'trusted/main',
        hash,
        digest: headers[HEADERS.digest] ?? '',
        size: bytes.length,
      })
      const signature = sign(null, Buffer.from(text), privateKey).toString('base64url')
      response.writeHead(200, { ...headers, [HEADERS.scope]: 'trusted/main', [HEADERS.signature]: signature }).end(bytes)
      return true
    }
    expect((await run('cache doctor', {}, TOKEN)).prose).toContain(
      'good         signature   what comes back is signed with one of 1 keys',
    )
  })

  it('exit status 6 and what to do where nobody answers', async () => {
    await cache.kill()
    const { status, prose } = await run('cache doctor', {}, TOKEN)
    expect(status).toBe(6)
    expect(prose).toMatch(
      /^bad {10}address {5}http:\S+: connection refused: ECONNREFUSED\n {25}is the server running, and is this its port\?$/m,
    )
    await cache.revive()
  })

  it('a workspace without a cache is a matter of configuration', async () => {
    writeFileSync(join(root, 'interlock.yaml'), '')
    await expect(run('cache doctor')).rejects.toThrow('CONFIG_INVALID: interlock.yaml: this workspace names no cache')
    await expect(run('cache doctor', {}, { INTERLOCK_CACHE_URL: 'nonsense' })).rejects.toThrow(
      'CONFIG_INVALID: INTERLOCK_CACHE_URL is not an address',
    )
  })
})

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
