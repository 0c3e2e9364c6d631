import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { describe, expect, test } from 'vitest'
import { hasSccache, sccacheClient } from '../../testing/sccache-client.ts'
import { testServer } from '../../testing/server.ts'
import { MAIN, PULL_A, PULL_B, READER, tokenAuthority } from '../../testing/tokens.ts'

const authority = tokenAuthority({ tokens: { main: MAIN, reader: READER, a: PULL_A, b: PULL_B } })
const KEY = `/a/b/c/abc${'0'.repeat(61)}`

describe('the real sccache', () => {
  test.runIf(hasSccache)('finds what it stored, and what main stored, and nothing of another pull request', async () => {
    await using server = await testServer({ authority })
    const compile = async (token: string): Promise<unknown> => {
      await using client = await sccacheClient({ url: server.url, token, port: await freePort() })
      const { compiled, ...counts } = await client.compile()
      expect(compiled).toMatchObject({ kind: 'exited', status: 0 })
      return counts
    }
    expect(await compile('a')).toEqual({ hits: 0, misses: 1, writeErrors: 0 })
    expect(await compile('a')).toEqual({ hits: 1, misses: 0, writeErrors: 0 })
    expect(await compile('b')).toEqual({ hits: 0, misses: 1, writeErrors: 0 })
    expect(await compile('main')).toEqual({ hits: 0, misses: 1, writeErrors: 0 })
    expect(await compile('reader')).toEqual({ hits: 1, misses: 0, writeErrors: 0 })
  })
})

describe('the protocol', () => {
  test('a folder exists as soon as somebody asks, an object when it was written', async () => {
    await using server = await testServer({ authority })
    const folder = await ask(server.url, 'PROPFIND', '/a/b/c/')
    expect([folder.status, await folder.text()]).toEqual([207, expect.stringContaining('<d:collection/>')])
    expect((await ask(server.url, 'PROPFIND', KEY)).status).toBe(404)
    expect((await ask(server.url, 'MKCOL', '/a/b/')).status).toBe(201)
    expect((await ask(server.url, 'PUT', KEY, 'object')).status).toBe(201)
    const object = await ask(server.url, 'PROPFIND', KEY)
    expect([object.status, await object.text()]).toEqual([
      207,
      expect.stringContaining('<d:getcontentlength>6</d:getcontentlength>'),
    ])
    expect(await (await ask(server.url, 'GET', KEY)).text()).toBe('object')
    expect((await ask(server.url, 'HEAD', KEY)).headers.get('content-length')).toBe('6')
  })

  test('a second write is taken for done and changes nothing; nothing is ever deleted', async () => {
    await using server = await testServer({ authority })
    expect((await ask(server.url, 'PUT', KEY, 'first')).status).toBe(201)
    expect((await ask(server.url, 'PUT', KEY, 'second')).status).toBe(200)
    expect((await ask(server.url, 'DELETE', KEY)).status).toBe(403)
    expect(await (await ask(server.url, 'GET', KEY)).text()).toBe('first')
  })

  test('a reader that writes is refused, so that sccache goes on without writing', async () => {
    await using server = await testServer({ authority })
    expect((await ask(server.url, 'PUT', '/.sccache_check', 'x', 'reader')).status).toBe(403)
    expect((await ask(server.url, 'PUT', '/.sccache_check', 'x', 'main')).status).toBe(201)
    expect((await ask(server.url, 'PUT', '/.sccache_check', 'x', 'main')).status).toBe(200)
  })

  test('prefixes keep objects apart', async () => {
    await using server = await testServer({ authority })
    expect((await ask(server.url, 'PUT', `/linux${KEY}`, 'linux')).status).toBe(201)
    expect((await ask(server.url, 'GET', KEY)).status).toBe(404)
    expect((await ask(server.url, 'GET', `/mac${KEY}`)).status).toBe(404)
    expect(await (await ask(server.url, 'GET', `/linux${KEY}`)).text()).toBe('linux')
  })

  test.each(['/..%2f..%2fx', '/a b', '/$(id)', `/${'x'.repeat(200)}`, `${'/a'.repeat(20)}/x`])('%s is no name', async (path) => {
    await using server = await testServer({ authority })
    expect((await ask(server.url, 'PUT', path, 'x')).status).toBe(400)
    expect((await ask(server.url, 'GET', path)).status).toBe(404)
  })
})

async function ask(url: string, method: string, path: string, body?: string, token = 'main'): Promise<Response> {
  return fetch(`${url}/webdav${path}`, {
    method,
    headers: { authorization: `Bearer ${token}` },
    ...(body === undefined ? {} : { body }),
  })
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
