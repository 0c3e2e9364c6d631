import { describe, expect, test } from 'vitest'
import { nxClient } from '../../testing/nx-client.ts'
import { testServer, type TestServer } from '../../testing/server.ts'
import { MAIN, PULL_A, tokenAuthority } from '../../testing/tokens.ts'

const by = (issuer: string, run: string, more: object = {}) => ({ writer: { issuer, run, ...more } })
const authority = tokenAuthority({
  tokens: {
    main: { ...MAIN, ...by('github', '1', { actor: '7', commit: 'c1' }) },
    later: { ...MAIN, ...by('github', '2', { actor: '8', commit: 'c2' }) },
    a: { ...PULL_A, ...by('github', '3', { actor: '9', commit: 'c3' }) },
    admin: { admin: true },
    other: { ...MAIN, workspace: 'other' },
    'other-admin': { workspace: 'other', admin: true },
  },
})

test('cache-41: what a run wrote is gone after a purge, and the next run builds it again', async () => {
  await using server = await testServer({ authority, isGuarded: true })
  await using client = await nxClient()
  expect(await client.run({ url: server.url, token: 'a' })).toMatchObject({ status: 0 })
  expect(await client.run({ url: server.url, token: 'main' })).toMatchObject({ status: 0 })
  expect(await client.run({ url: server.url, token: 'later' })).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('[remote cache]'),
  })
  expect(await admin(server, 'purge', { run: '1' })).toMatchObject({ dryRun: true, matched: 1, changed: 0 })
  expect(await client.run({ url: server.url, token: 'later' })).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('[remote cache]'),
  })
  expect(await admin(server, 'purge', { run: '1', dryRun: false })).toMatchObject({ dryRun: false, matched: 1, changed: 1 })
  expect(await client.run({ url: server.url, token: 'later' })).toMatchObject({
    status: 0,
    stdout: expect.not.stringContaining('[remote cache]'),
  })
  const runs = new Set<string | undefined>()
  for await (const { writer } of server.store.entries()) runs.add(writer.run)
  expect(runs).toEqual(new Set(['2', '3']))
  expect(server.audited.filter(({ kind }) => kind === 'purge')).toMatchObject([
    { workspace: 'acme', detail: { changed: 1, selection: expect.stringContaining('"run":"1"') } },
  ])
})

describe('a selection', () => {
  test.each([
    [{ scope: 'trusted/main' }, ['m', 'n']],
    [{ scope: 'pr/*' }, ['p']],
    [{ commit: 'c2' }, ['n']],
    [{ actor: '9' }, ['p']],
    [{ tool: 'nx', hash: 'm' }, ['m']],
    [{ tool: 'turbo' }, []],
    [{ from: '1970-01-01T00:00:01.500Z', to: '1970-01-01T00:00:02.500Z' }, ['n']],
    [{ from: 2500 }, ['p']],
    [{ run: '1', actor: '8' }, []],
    [{ everything: true }, ['m', 'n', 'p']],
  ] as [object, string[]][])('%j is about %j', async (selection, hashes) => {
    let clock = 1000
    await using server = await testServer({ authority, now: () => clock })
    await put(server, 'main', 'm')
    clock = 2000
    await put(server, 'later', 'n')
    clock = 3000
    await put(server, 'a', 'p')
    await put(server, 'other', 'q')
    const report = await admin(server, 'purge', { ...selection, dryRun: false })
    expect(report.entries.map(({ hash }) => hash).sort()).toEqual(hashes)
    expect(report.changed).toBe(hashes.length)
    expect((await left(server)).sort()).toEqual(['m', 'n', 'p', 'q'].filter((hash) => !hashes.includes(hash)))
  })

  test.each([
    [{}, 'name a criterion'],
    [{ run: '1', everything: true }, 'not both'],
    [{ digest: 'short' }, 'digest'],
    [{ rnu: '1' }, 'rnu'],
    [{ from: 'yesterday' }, 'from'],
    [[], 'expected object'],
  ])('%j is refused', async (selection, problem) => {
    await using server = await testServer({ authority })
    await put(server, 'main', 'm')
    const answer = await ask(server, 'purge', JSON.stringify(selection))
    expect([answer.status, JSON.stringify(await answer.json())]).toEqual([400, expect.stringContaining(problem)])
    expect(await left(server)).toEqual(['m'])
  })

  test.each(['', '{', 'null', '\u0000', `{"run": "${'x'.repeat(100_000)}"}`])('a body that is none is refused', async (body) => {
    await using server = await testServer({ authority })
    expect((await ask(server, 'purge', body)).status).toBe(400)
  })
})

test('quarantine hides an entry from readers, keeps it from being replaced, and can be undone', async () => {
  await using server = await testServer({ authority })
  await put(server, 'main', 'm')
  expect(await admin(server, 'quarantine', { hash: 'm' })).toMatchObject({ matched: 1, changed: 0 })
  expect(await admin(server, 'quarantine', { hash: 'm', dryRun: false })).toMatchObject({ matched: 1, changed: 1 })
  const hidden = await get(server, 'm')
  expect([hidden.status, hidden.headers.get('x-cache-reason')]).toEqual([404, 'quarantined'])
  expect((await put(server, 'later', 'm')).status).toBe(409)
  expect(await admin(server, 'quarantine', { hash: 'm', release: true, dryRun: false })).toMatchObject({ changed: 1 })
  expect((await get(server, 'm')).status).toBe(200)
})

test('bytes that a purge blocked come back under no name, and stay welcome in other workspaces', async () => {
  await using server = await testServer({ authority })
  await put(server, 'main', 'm', 'poison')
  expect(await admin(server, 'purge', { hash: 'm', block: true, dryRun: false })).toMatchObject({ changed: 1, blocked: 1 })
  for (const token of ['main', 'a']) {
    const again = await put(server, token, 'other-name', 'poison')
    expect([again.status, again.headers.get('x-cache-reason')]).toEqual([403, 'forbidden'])
  }
  expect((await put(server, 'main', 'm', 'clean')).status).toBe(200)
  expect((await put(server, 'other', 'm', 'poison')).status).toBe(200)
  expect(server.audited.filter(({ kind }) => kind === 'deny')).toHaveLength(2)
})

test('bytes that a purge blocks go under every name, whoever wrote them', async () => {
  await using server = await testServer({ authority })
  await put(server, 'main', 'm', 'poison')
  await put(server, 'a', 'same-bytes', 'poison')
  await put(server, 'other', 'elsewhere', 'poison')
  await put(server, 'main', 'clean', 'clean')
  expect(await admin(server, 'purge', { run: '1', hash: 'm', block: true, dryRun: false })).toMatchObject({
    matched: 1,
    changed: 2,
    blocked: 1,
  })
  expect((await left(server)).sort()).toEqual(['clean', 'elsewhere'])
})

test('bytes that a purge blocks while they are being looked into are never read', async () => {
  const late = { begun: () => undefined as void, purged: Promise.resolve() }
  let isLate = false
  const inspect = async (): Promise<{ kind: 'opaque' }> => {
    if (isLate) late.begun()
    if (isLate) await late.purged
    return { kind: 'opaque' }
  }
  await using server = await testServer({ authority, guard: { inspect } })
  await put(server, 'main', 'm', 'poison')
  const begun = new Promise<void>((resolve) => (late.begun = resolve))
  let purged: () => void = () => undefined
  late.purged = new Promise<void>((resolve) => (purged = resolve))
  isLate = true
  const answer = put(server, 'later', 'late', 'poison')
  await begun
  await admin(server, 'purge', { hash: 'm', block: true, dryRun: false })
  purged()
  expect((await answer).status).toBe(403)
  expect(await left(server)).toEqual([])
})

describe('who is no administrator of the workspace', () => {
  test.each([
    ['main', 403],
    ['forged', 401],
  ])('%s is refused', async (token, status) => {
    await using server = await testServer({ authority })
    await put(server, 'main', 'm')
    for (const kind of ['purge', 'quarantine', 'divergences']) {
      const answer = await fetch(`${server.url}/v1/admin/${kind}`, {
        headers: { authorization: `Bearer ${token}` },
        ...(kind === 'divergences' ? {} : { method: 'POST', body: '{"everything": true, "dryRun": false}' }),
      })
      expect(answer.status).toBe(status)
    }
    expect(await left(server)).toEqual(['m'])
  })

  test('an administrator of another workspace takes nothing away here', async () => {
    await using server = await testServer({ authority })
    await put(server, 'main', 'm')
    const answer = await ask(server, 'purge', '{"everything": true, "dryRun": false}', 'other-admin')
    expect(await answer.json()).toMatchObject({ matched: 0 })
    expect(await left(server)).toEqual(['m'])
  })
})

interface Report {
  readonly changed: number
  readonly entries: readonly { readonly hash: string }[]
}

async function admin(server: TestServer, kind: string, selection: object): Promise<Report> {
  const answer = await ask(server, kind, JSON.stringify(selection))
  expect(answer.status).toBe(200)
  return (await answer.json()) as Report
}

async function ask({ url }: TestServer, kind: string, body: string, token = 'admin'): Promise<Response> {
  return fetch(`${url}/v1/admin/${kind}`, { method: 'POST', body, headers: { authorization: `Bearer ${token}` } })
}

async function put({ url }: TestServer, token: string, hash: string, body = hash): Promise<Response> {
  return fetch(`${url}/v1/cache/${hash}`, { method: 'PUT', body, headers: { authorization: `Bearer ${token}` } })
}

async function get({ url }: TestServer, hash: string): Promise<Response> {
  return fetch(`${url}/v1/cache/${hash}`, { headers: { authorization: 'Bearer main' } })
}

async function left({ store }: TestServer): Promise<string[]> {
  const found = []
  for await (const { scope, hash } of store.entries()) if (scope !== 'blocked/digests') found.push(hash)
  return found
}
