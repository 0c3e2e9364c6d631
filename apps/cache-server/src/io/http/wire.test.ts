import { describe, expect, test } from 'vitest'
import { type RawConnection, rawConnection, statusOf } from '../../testing/raw.ts'
import { testServer } from '../../testing/server.ts'
import { MAIN, tokenAuthority } from '../../testing/tokens.ts'
import type { Store } from '../store.ts'

const authority = tokenAuthority({ tokens: { main: MAIN } })
const AUTHORIZED = 'host: x\r\nauthorization: Bearer main\r\n'

const HOSTILE = [
  '..%2f..%2fetc%2fpasswd',
  '%00',
  '%2e%2e',
  '..',
  'a'.repeat(300),
  'a'.repeat(129),
  '\u00fcmlaut',
  '$(id)',
  'a.b',
  'a b',
  'a/b',
  '',
]

describe('cache-17: a hash that is none', () => {
  test.each(HOSTILE)('%j is refused without a look into the store', async (hash) => {
    const asked: string[] = []
    const watched = (store: Store): Store => ({
      ...store,
      find: async (key) => {
        asked.push(key.hash)
        return store.find(key)
      },
    })
    await using server = await testServer({ authority, store: watched })
    const name = Buffer.from(hash).toString('latin1')
    for (const method of ['GET', 'HEAD', 'PUT', 'DELETE']) {
      const connection = await rawConnection(server.url)
      connection.write(
        Buffer.from(
          `${method} /v1/cache/${name} HTTP/1.1\r\n${AUTHORIZED}content-length: 1\r\nconnection: close\r\n\r\nx`,
          'latin1',
        ),
      )
      expect([400, 404]).toContain(statusOf(await connection.closed))
    }
    expect(asked).toEqual([])
    expect(await all(server.store)).toEqual([])
  })
})

describe('cache-18: a length that is none', () => {
  test.each([
    ['missing, with chunks', 'transfer-encoding: chunked\r\n', '1\r\nx\r\n0\r\n\r\n'],
    ['no number', 'content-length: NaN\r\n', 'x'],
    ['negative', 'content-length: -1\r\n', 'x'],
    ['hexadecimal', 'content-length: 0x1\r\n', 'x'],
    ['twice', 'content-length: 1\r\ncontent-length: 2\r\n', 'xx'],
    ['beside chunks', 'content-length: 1\r\ntransfer-encoding: chunked\r\n', '1\r\nx\r\n0\r\n\r\n'],
    ['absent, without a body', '', ''],
    ['beyond what a number holds', 'content-length: 9999999999999999999999\r\n', 'x'],
  ])('%s: 400 or 411, and nothing is stored', async (_, headers, body) => {
    await using server = await testServer({ authority })
    const connection = await put(server.url, { headers, body })
    expect([400, 411]).toContain(statusOf(await connection.closed))
    expect(await all(server.store)).toEqual([])
  })
})

describe('cache-19: a body that is not as long as it says', () => {
  test('a shorter one is not stored', async () => {
    await using server = await testServer({ authority })
    const connection = await put(server.url, { headers: 'content-length: 10\r\n', body: 'short' })
    connection.socket.end()
    await connection.closed
    expect(await all(server.store)).toEqual([])
    expect((await fetch(`${server.url}/v1/cache/1`, { headers: { authorization: 'Bearer main' } })).status).toBe(404)
  })

  test('what follows a longer one closes the connection, and is never part of it', async () => {
    await using server = await testServer({ authority })
    const connection = await rawConnection(server.url)
    connection.write(`PUT /v1/cache/1 HTTP/1.1\r\n${AUTHORIZED}content-length: 4\r\n\r\nbodyGARBAGE that is no request\r\n\r\n`)
    expect(await connection.closed).toContain('HTTP/1.1 400 Bad Request')
    expect((await all(server.store)).filter(({ size }) => size !== 4)).toEqual([])
  })
})

describe('cache-20: a body that is too large', () => {
  test.each([
    ['403 for Nx', '', 403],
    ['413 for who can bear it', 'x-cache-strict: 1\r\n', 413],
  ])('%s, after it was read', async (_, header, status) => {
    await using server = await testServer({ authority, limits: { artifact: 1000 } })
    const body = 'x'.repeat(200_000)
    const connection = await put(server.url, { headers: `${header}content-length: ${body.length}\r\n`, body })
    const answer = await connection.closed
    expect([statusOf(answer), /x-cache-reason: (\S+)/u.exec(answer)?.[1]]).toEqual([status, 'too-large'])
    expect(await all(server.store)).toEqual([])
  })

  test('one that would take for ever to read is answered and cut off', async () => {
    await using server = await testServer({ authority, limits: { artifact: 1000 } })
    const connection = await rawConnection(server.url)
    connection.write(`PUT /v1/cache/1 HTTP/1.1\r\n${AUTHORIZED}content-length: 99999999999\r\n\r\n`)
    const piece = Buffer.alloc(2 ** 20)
    const more = (): void => {
      while (!connection.socket.destroyed && connection.socket.write(piece));
    }
    connection.socket.on('drain', more)
    more()
    expect(statusOf(await connection.closed)).toBe(403)
    expect(await all(server.store)).toEqual([])
  })
})

async function put(url: string, { headers, body }: { headers: string; body: string }): Promise<RawConnection> {
  const connection = await rawConnection(url)
  connection.write(`PUT /v1/cache/1 HTTP/1.1\r\n${AUTHORIZED}connection: close\r\n${headers}\r\n${body}`)
  return connection
}

async function all(store: Store): Promise<readonly { readonly hash: string; readonly size: number }[]> {
  const found = []
  for await (const entry of store.entries()) found.push(entry)
  return found
}
