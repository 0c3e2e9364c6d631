import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { testServer } from '../../testing/server.ts'
import { MAIN, tokenAuthority } from '../../testing/tokens.ts'

const authority = tokenAuthority({ tokens: { main: MAIN } })

test('a row whose headers nobody can send is a miss, and its bytes are let go of', async () => {
  const body = Readable.from([Buffer.from('bytes')])
  await using server = await testServer({
    authority,
    store: (store) => ({
      ...store,
      find: async (key) => {
        const entry = await store.find(key)
        return entry === undefined ? undefined : { ...entry, headers: { 'x-artifact-tag': 'one\r\ntwo: 2' } }
      },
      read: async () => body,
    }),
  })
  const headers = { authorization: 'Bearer main' }
  expect((await fetch(`${server.url}/v1/cache/h`, { method: 'PUT', body: 'bytes', headers })).status).toBe(200)
  const answer = await fetch(`${server.url}/v1/cache/h`, { headers })
  expect([answer.status, answer.headers.get('content-type'), answer.headers.get('two')]).toEqual([404, 'text/plain', null])
  expect(body.destroyed).toBe(true)
})
