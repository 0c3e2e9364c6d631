import { generateKeyPairSync, sign } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Behaviour, headersOf, type TestCache } from '../testing/test-cache.ts'
import { type CliWorkspace, createCliWorkspace } from '../testing/cli-workspace.ts'
import { HEADERS, signedText } from '../wire.ts'

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
/** A server that says what it is. */
const report: Behaviour = (request, response) =>
  request.url === '/v1/status' && (response.end(JSON.stringify({ version: '0.1.0' })), true)

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

  it('writes nothing when it is told so, and says what it knows then', async () => {
    cache.behave = report
    const { status, prose } = await run('cache doctor', { readOnly: true }, TOKEN)
    expect(prose).toMatch(/^not checked {2}write {7}nothing was to be written$/m)
    expect(prose).toMatch(/\n\nthis machine can read from the cache$/)
    expect(status).toBe(0)
    expect(cache.requests.filter(({ method }) => method === 'PUT')).toEqual([])
  })

  it.each([
    ['has no page of this name', 404],
    ['has the same page for everything', 200],
  ])('does not take for a cache what %s', async (_, status) => {
    cache.behave = (request, response) => {
      if (request.url !== '/v1/status' && request.method === 'GET') return false
      request.resume()
      response.writeHead(request.method === 'PUT' ? 403 : status).end('<html>')
      return true
    }
    for (const options of [{}, { readOnly: true }]) {
      const doctor = await run('cache doctor', options, TOKEN)
      expect(doctor.prose).toMatch(/^note {9}address {5}http:.*: a cache of another make\?$/m)
      expect(doctor.prose).toMatch(/\n\nnothing shows that this is a cache: /)
      expect(doctor.status).toBe(1)
    }
  })

  it.each([
    [{ INTERLOCK_CACHE: 'off' }, 'note         runs        INTERLOCK_CACHE=off is set: runs leave the cache out'],
    [{ NX_SKIP_REMOTE_CACHE: 'true' }, 'note         runs        NX_SKIP_REMOTE_CACHE=true is set: runs leave the cache out'],
    [{ INTERLOCK_CACHE: 'no' }, 'note         runs        the value of INTERLOCK_CACHE means nothing, so the cache is used'],
  ])('says of %j what it means for runs', async (env, line) => {
    const { prose } = await run('cache doctor', {}, { ...TOKEN, ...env })
    expect(prose).toContain(line)
    expect(prose.endsWith('; runs leave it out')).toBe(!('INTERLOCK_CACHE' in env && env.INTERLOCK_CACHE === 'no'))
    expect((await run('cache status', {}, { ...TOKEN, ...env })).prose).toContain(line.replace(/^note +runs +/, 'runs      '))
  })

  it('names the variable that holds no token', async () => {
    const { status, prose } = await run('cache doctor', {}, { INTERLOCK_CACHE_TOKEN: 'a\nb' })
    expect(prose).toMatch(
      /^bad {10}credential {2}what is in INTERLOCK_CACHE_TOKEN is no token: .*\n {25}set INTERLOCK_CACHE_TOKEN anew/m,
    )
    expect(status).toBe(1)
  })

  it.each([
    [{ INTERLOCK_CACHE_TOKEN: 't' }, 'write       the address answers, and is no cache: status 404 to an upload'],
    [{ INTERLOCK_CACHE_ID_TOKEN: 'i' }, 'credential  the address answers, and is no cache: status 404 to /v1/token'],
  ])('says of a wrong path that something answers which is no cache: %j', async (env, line) => {
    cache.behave = (request, response) => (request.resume(), response.writeHead(404).end('no such page'), true)
    const { status, prose } = await run('cache doctor', {}, env)
    expect(prose).toContain(`bad          ${line}\n${' '.repeat(25)}is the path of the address right?`)
    expect(status).toBe(1)
  })

  it('says of https to a port of http what it is', async () => {
    const url = cache.url.replace('http:', 'https:')
    const { status, prose } = await run('cache doctor', {}, { ...TOKEN, INTERLOCK_CACHE_URL: url })
    expect(prose).toMatch(/^bad {10}address {5}https:\S+: no TLS: \w+\n {25}what listens there speaks plain http/m)
    expect(status).toBe(6)
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
      report(request, response) ||
      (request.method === 'PUT' && (request.resume(), response.writeHead(403, { [HEADERS.reason]: 'forbidden' }).end(), true))
    const { status, prose } = await run('cache doctor', {}, TOKEN)
    expect(prose).toContain('note         write       this token reads only (forbidden): right for a laptop')
    expect(prose).toMatch(/\n\nthis machine can read from the cache$/)
    expect(status).toBe(0)
  })

  it.each([
    [403, 'quota', 'quota'],
    [403, 'no-space', 'no-space'],
    [401, 'unknown-token', 'unknown-token'],
    [413, '\u009b2J', 'status 413'],
  ])('calls nobody a reader whose artifact was refused with %i %s', async (code, reason, text) => {
    cache.behave = (request, response) =>
      report(request, response) ||
      (request.method === 'PUT' && (request.resume(), response.writeHead(code, { [HEADERS.reason]: reason }).end(), true))
    const { status, prose } = await run('cache doctor', {}, TOKEN)
    expect(prose).toContain(`bad          write       ${text}\n`)
    expect(status).toBe(1)
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
