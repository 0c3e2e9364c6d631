import { describe, expect, test } from 'vitest'
import { testServer } from '../../testing/server.ts'
import { MAIN, PULL_A, PULL_B, READER, tokenAuthority } from '../../testing/tokens.ts'
import { turboClient } from '../../testing/turbo-client.ts'

const authority = tokenAuthority({ tokens: { main: MAIN, reader: READER, a: PULL_A, b: PULL_B }, expired: ['old'] })
const FULL = /FULL TURBO|1 cached, 1 total/u

describe('the real Turborepo', () => {
  test('finds what it stored when its own cache is empty, and believes its own signature', async () => {
    await using server = await testServer({ authority })
    await using client = await turboClient()
    expect(await client.run({ url: server.url, token: 'main' })).toMatchObject({
      status: 0,
      stdout: expect.not.stringMatching(FULL),
    })
    const rows = await entries(server)
    expect(rows).toMatchObject([
      {
        tool: 'turbo',
        scope: 'trusted/main',
        headers: { 'x-artifact-tag': expect.any(String), 'x-artifact-duration': expect.any(String) },
      },
    ])
    expect(await client.run({ url: server.url, token: 'a' })).toMatchObject({ status: 0, stdout: expect.stringMatching(FULL) })
    expect(await client.workspace.read('packages/one/dist/out.txt')).toBe('made one')
  })

  test('finds nothing of another pull request', async () => {
    await using server = await testServer({ authority })
    await using client = await turboClient()
    expect(await client.run({ url: server.url, token: 'a' })).toMatchObject({ status: 0 })
    expect(await client.run({ url: server.url, token: 'b' })).toMatchObject({
      status: 0,
      stdout: expect.not.stringMatching(FULL),
    })
    expect((await entries(server)).map(({ scope }) => scope).sort()).toEqual(['pr/a', 'pr/b'])
  })

  test.each(['forged', 'reader', 'old'])('builds with a token that is %s', async (token) => {
    await using server = await testServer({ authority })
    await using client = await turboClient()
    expect(await client.run({ url: server.url, token })).toMatchObject({ status: 0 })
    expect(await entries(server)).toEqual([])
  })

  test('of another team neither reads nor writes', async () => {
    await using server = await testServer({ authority })
    await using client = await turboClient()
    expect(await client.run({ url: server.url, token: 'main', team: 'other' })).toMatchObject({ status: 0 })
    expect(await entries(server)).toEqual([])
  })
})

const headers = { authorization: 'Bearer main' }

describe('the protocol', () => {
  test('answers status, events, preflight, HEAD and queries', async () => {
    await using server = await testServer({ authority })
    const at = (path: string): string => `${server.url}/v8/artifacts${path}`
    expect(await (await fetch(at('/status?slug=acme'), { headers })).json()).toEqual({ status: 'enabled' })
    expect((await fetch(at('/events'), { method: 'POST', body: '[]', headers })).status).toBe(200)
    const preflight = await fetch(at('/0123456789abcdef'), { method: 'OPTIONS' })
    expect([preflight.status, preflight.headers.get('access-control-allow-methods')]).toEqual([
      200,
      expect.stringContaining('PUT'),
    ])
    const kept = { 'x-artifact-tag': 'c2lnbmVk', 'x-artifact-duration': '42' }
    expect((await fetch(at('/0123456789abcdef'), { method: 'PUT', body: 'four', headers: { ...headers, ...kept } })).status).toBe(
      202,
    )
    const head = await fetch(at('/0123456789abcdef'), { method: 'HEAD', headers })
    expect([
      head.status,
      head.headers.get('content-length'),
      head.headers.get('x-artifact-tag'),
      head.headers.get('x-artifact-duration'),
    ]).toEqual([200, '4', 'c2lnbmVk', '42'])
    const query = await fetch(at('?slug=acme'), {
      method: 'POST',
      body: JSON.stringify({ hashes: ['0123456789abcdef', 'absent', '../x'] }),
      headers,
    })
    expect(await query.json()).toEqual({
      '0123456789abcdef': { size: 4, taskDurationMs: 42, tag: 'c2lnbmVk' },
      absent: null,
      '../x': null,
    })
  })

  test.each([
    ['?slug=other', 401],
    ['?teamId=other', 401],
    ['?slug=acme&teamId=other', 403],
    ['?slug=acme&teamId=acme', 404],
    ['?teamId=acme', 404],
  ])('a team is checked and gives nothing: %s', async (query, status) => {
    await using server = await testServer({ authority })
    expect((await fetch(`${server.url}/v8/artifacts/0123456789abcdef${query}`, { headers })).status).toBe(status)
  })

  test('a tag with a line break or no text is not kept', async () => {
    await using server = await testServer({ authority })
    const url = `${server.url}/v8/artifacts/1`
    await fetch(url, { method: 'PUT', body: 'x', headers: { ...headers, 'x-artifact-tag': 'a b', 'x-artifact-duration': '1e9' } })
    expect((await entries(server))[0]).not.toHaveProperty('headers')
  })

  test('an artifact of Turborepo is no artifact of Nx', async () => {
    await using server = await testServer({ authority })
    await fetch(`${server.url}/v8/artifacts/1`, { method: 'PUT', body: 'x', headers })
    expect((await fetch(`${server.url}/v1/cache/1`, { headers })).status).toBe(404)
  })
})

async function entries({ store }: Awaited<ReturnType<typeof testServer>>): Promise<readonly { readonly scope: string }[]> {
  const found = []
  for await (const entry of store.entries()) found.push(entry)
  return found
}
