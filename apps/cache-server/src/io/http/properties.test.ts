import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { rawConnection } from '../../testing/raw.ts'
import { testServer, type TestServer } from '../../testing/server.ts'
import { MAIN, tokenAuthority } from '../../testing/tokens.ts'

const authority = tokenAuthority({ tokens: { main: MAIN } })
const RUNS = { numRuns: 150 }

describe('arbitrary bytes', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await testServer({ authority })
  })
  afterAll(async () => server[Symbol.asyncDispose]())

  /** What of it is not as it was: it lives, met no defect of its own, and holds nothing. */
  const harm = async (): Promise<readonly string[]> => {
    const stored: string[] = []
    for await (const { hash } of server.store.entries()) stored.push(hash)
    const { status } = await fetch(`${server.url}/healthz`)
    return [...stored, ...server.logged.filter((line) => line.includes('defect')), ...(status === 200 ? [] : [`${status}`])]
  }

  test('as a whole request never crash it and never store anything', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 2000 }), async (bytes) => {
        const connection = await rawConnection(server.url)
        connection.socket.end(bytes)
        await connection.closed
        expect(await harm()).toEqual([])
      }),
      RUNS,
    )
  })

  test('as a path, with any method, never crash it and never store anything', async () => {
    const method = fc.constantFrom('GET', 'PUT', 'HEAD', 'POST', 'DELETE', 'PROPFIND', 'MKCOL', 'OPTIONS')
    const prefix = fc.constantFrom('/', '/v1/cache/', '/v8/artifacts/', '/webdav/', '/ns/', '/ns/acme/v1/cache/', '/v1/admin/')
    const rest = fc.uint8Array({ maxLength: 300 }).map(
      (bytes) =>
        `%${Buffer.from(bytes)
          .toString('latin1')
          .replaceAll(/[\s\0]/gu, '')}`,
    )
    await fc.assert(
      fc.asyncProperty(method, prefix, rest, async (verb, before, path) => {
        const connection = await rawConnection(server.url)
        connection.write(
          Buffer.from(
            `${verb} ${before}${path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer main\r\ncontent-length: 1\r\nconnection: close\r\n\r\nx`,
            'latin1',
          ),
        )
        await connection.closed
        expect(await harm()).toEqual([])
      }),
      RUNS,
    )
  })

  test('as a token never open anything', async () => {
    const token = fc.oneof(
      fc.string({ unit: 'binary-ascii' }),
      fc.base64String(),
      fc.constantFrom('main\u0000', 'mai', 'mainn', 'Main'),
    )
    await fc.assert(
      fc.asyncProperty(token, async (text) => {
        fc.pre(text.trim() !== 'main' && !/[^\x20-\x7e]/u.test(text))
        const answer = await fetch(`${server.url}/v1/cache/1`, {
          method: 'PUT',
          body: 'x',
          headers: { authorization: `Bearer ${text}` },
        })
        expect(answer.status).toBe(401)
        expect(await harm()).toEqual([])
      }),
      RUNS,
    )
  })

  test('as headers of ours never crash it and never store anything', async () => {
    const value = fc.uint8Array({ maxLength: 200 }).map((bytes) =>
      Buffer.from(bytes)
        .toString('latin1')
        .replaceAll(/[\r\n\0]/gu, ''),
    )
    await fc.assert(
      fc.asyncProperty(value, value, async (length, duration) => {
        fc.pre(!/^\s*\d+\s*$/u.test(length))
        const connection = await rawConnection(server.url)
        connection.socket.end(
          Buffer.from(
            `PUT /v1/cache/1 HTTP/1.1\r\nhost: x\r\nauthorization: Bearer main\r\ncontent-length: ${length}\r\nx-artifact-duration: ${duration}\r\nx-cache-strict: ${duration}\r\n\r\nx`,
            'latin1',
          ),
        )
        await connection.closed
        expect(await harm()).toEqual([])
      }),
      RUNS,
    )
  })

  test('as the body of an exchange, of a query or of a purge never crash it', async () => {
    const path = fc.constantFrom('/v1/token', '/v8/artifacts', '/v1/admin/purge', '/v1/admin/quarantine', '/v8/artifacts/events')
    await fc.assert(
      fc.asyncProperty(
        path,
        fc.oneof(
          fc.uint8Array({ maxLength: 3000 }),
          fc.json().map((text) => Buffer.from(text)),
        ),
        async (to, body) => {
          const answer = await fetch(server.url + to, {
            method: 'POST',
            body: Buffer.from(body),
            headers: { authorization: 'Bearer main' },
          })
          expect(answer.status).toBeLessThan(500)
          expect(await harm()).toEqual([])
        },
      ),
      RUNS,
    )
  })
})

test('arbitrary bytes as an artifact come back as they were, and nothing else does', async () => {
  await using server = await testServer({ authority })
  const headers = { authorization: 'Bearer main' }
  let number = 0
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 300_000, size: 'max' }), async (bytes) => {
      number += 1
      const url = `${server.url}/v1/cache/body-${number}`
      expect((await fetch(url, { method: 'PUT', body: Buffer.from(bytes), headers })).status).toBe(200)
      expect(Buffer.compare(Buffer.from(await (await fetch(url, { headers })).arrayBuffer()), bytes)).toBe(0)
    }),
    { numRuns: 40 },
  )
})
