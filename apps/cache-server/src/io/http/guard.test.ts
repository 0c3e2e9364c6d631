import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { testServer, type TestServer } from '../../testing/server.ts'
import { NX_ENTRIES, tarGz, type TarEntry } from '../../testing/tar.ts'
import { MAIN, PULL_A, PULL_B, tokenAuthority } from '../../testing/tokens.ts'

const authority = tokenAuthority({ tokens: { main: MAIN, a: PULL_A, b: PULL_B, admin: { admin: true } } })

test('one hash with two contents is counted, written down and listed, and later times are no other content', async () => {
  await using server = await testServer({ authority, isGuarded: true })
  await put(server, 'main', 'same', artifact([{ name: 'dist/out', data: 'one', mtime: 1 }]))
  await put(server, 'a', 'same', artifact([{ name: 'dist/out', data: 'one', mtime: 2 }]))
  expect(await divergences(server)).toEqual([])
  await put(server, 'main', 'differs', artifact([{ name: 'dist/out', data: 'one' }]))
  await put(server, 'b', 'differs', artifact([{ name: 'dist/out', data: 'evil' }]))
  expect(await divergences(server)).toMatchObject([{ hash: 'differs', scopes: [{ scope: 'pr/b' }, { scope: 'trusted/main' }] }])
  expect(server.audited.filter(({ kind }) => kind === 'divergence')).toMatchObject([
    { detail: { hash: 'differs', scopes: ['pr/b', 'trusted/main'] } },
  ])
  expect(await (await fetch(`${server.url}/metrics`)).text()).toMatch(/^cache_divergences_total 1$/mu)
  expect(await (await fetch(`${server.url}/v1/status`)).json()).toMatchObject({
    divergences: 1,
    stored: 4,
    usage: { classes: { trusted: { entries: 2 }, pr: { entries: 2 } } },
  })
})

test('bytes that are not those of the digest that came with them are refused, and the right ones are taken', async () => {
  await using server = await testServer({ authority, isGuarded: true })
  const body = artifact([{ name: 'dist/out', data: 'one' }])
  const digest = createHash('sha256').update(body).digest('hex')
  const offered = async (announced: string): Promise<number> => {
    const headers = { authorization: 'Bearer main', 'x-artifact-digest': announced }
    return (await fetch(`${server.url}/v1/cache/damaged`, { method: 'PUT', body, headers })).status
  }
  expect([await offered('0'.repeat(64)), await offered('no digest'), await offered(digest)]).toEqual([400, 400, 200])
})

test('cache-33: an artifact that would leave its folder is refused, and who offered it is written down', async () => {
  await using server = await testServer({ authority, isGuarded: true })
  for (const [index, hostile] of [
    artifact([{ name: '../escape', data: 'x' }]),
    artifact([{ name: '/etc/cron.d/x', data: 'x' }]),
    artifact([{ name: 'link', type: '2', link: '../../..' }]),
    artifact([{ name: 'device', type: '3' }]),
    tarGz([{ name: 'dist/out', data: 'no code' }]),
    Buffer.from('no archive at all'),
  ].entries()) {
    const answer = await put(server, 'a', `hostile-${index}`, hostile)
    expect([answer.status, answer.headers.get('x-cache-reason'), answer.headers.get('content-type')]).toEqual([
      403,
      'unsafe-artifact',
      'text/plain',
    ])
  }
  expect(server.audited).toHaveLength(6)
  expect(server.audited[0]).toMatchObject({
    kind: 'deny',
    workspace: 'acme',
    detail: { scope: 'pr/a', reason: 'unsafe-artifact', problem: expect.stringContaining('parent folder') },
  })
  for await (const entry of server.store.entries()) expect(entry).toBeUndefined()
})

test('cache-34: an archive that inflates a thousandfold is refused, and written down', async () => {
  await using server = await testServer({ authority, isGuarded: true })
  const bomb = artifact([{ name: 'dist/zeros', data: Buffer.alloc(64 * 2 ** 20) }])
  expect(bomb.length).toBeLessThan(2 ** 17)
  const answer = await put(server, 'a', 'bomb', bomb)
  expect([answer.status, answer.headers.get('x-cache-reason')]).toEqual([403, 'unsafe-artifact'])
  expect(server.audited).toMatchObject([{ kind: 'deny', detail: { problem: expect.stringContaining('too many bytes') } }])
})

test('cache-36: a pull request that used its share up is told so, and main goes on', async () => {
  await using server = await testServer({ authority, isGuarded: true, quota: 1_000_000 })
  const large = artifact([{ name: 'dist/out', data: randomText(250_000) }])
  const refused = await put(server, 'a', 'large', large)
  expect([refused.status, refused.headers.get('x-cache-reason')]).toEqual([403, 'quota'])
  const strict = await put(server, 'a', 'large', large, { 'x-cache-strict': '1' })
  expect([strict.status, strict.headers.get('retry-after')]).toEqual([429, '60'])
  expect((await put(server, 'main', 'large', large)).status).toBe(200)
})

test('what a purge took away can be stored again at once', async () => {
  await using server = await testServer({ authority, isGuarded: true, quota: 1_000_000 })
  const large = artifact([{ name: 'dist/out', data: randomText(60_000) }])
  for (let round = 0; round < 20; round += 1) {
    expect((await put(server, 'a', 'large', large)).status).toBe(200)
    const headers = { authorization: 'Bearer admin' }
    await fetch(`${server.url}/v1/admin/purge`, { method: 'POST', body: '{"everything": true, "dryRun": false}', headers })
  }
})

async function divergences({ url }: TestServer): Promise<unknown> {
  const answer = await fetch(`${url}/v1/admin/divergences`, { headers: { authorization: 'Bearer admin' } })
  return ((await answer.json()) as { divergences: unknown }).divergences
}

async function put(
  { url }: TestServer,
  token: string,
  hash: string,
  body: Buffer,
  more: Record<string, string> = {},
): Promise<Response> {
  return fetch(`${url}/v1/cache/${hash}`, { method: 'PUT', body, headers: { authorization: `Bearer ${token}`, ...more } })
}

function artifact(entries: readonly TarEntry[]): Buffer {
  return tarGz([...entries, ...NX_ENTRIES])
}

/** Text that does not compress well, the same each time. */
function randomText(length: number): string {
  let [state, text] = [1, '']
  while (text.length < length) {
    state = (state * 48_271) % 2_147_483_647
    text += state.toString(36)
  }
  return text.slice(0, length)
}
