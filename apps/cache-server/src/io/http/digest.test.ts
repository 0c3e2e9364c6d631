import { createHash } from 'node:crypto'
import { HEADERS } from '@interlock/cache/wire'
import { expect, test } from 'vitest'
import { testServer } from '../../testing/server.ts'
import { MAIN, tokenAuthority } from '../../testing/tokens.ts'

const authority = tokenAuthority({ tokens: { main: MAIN } })
const BODY = Buffer.from('an artifact')
const DIGEST = createHash('sha256').update(BODY).digest('hex')

test.each([
  ['none', undefined, 200],
  ['its own', DIGEST, 200],
  ['that of other bytes', '0'.repeat(64), 400],
  ['a word', 'garbage', 400],
  ['nothing at all', '', 400],
])('bytes damaged on the way are not stored: an upload that announces %s as its digest', async (_, digest, status) => {
  await using server = await testServer({ authority })
  const url = `${server.url}/v1/cache/one`
  const headers = { authorization: 'Bearer main', ...(digest === undefined ? {} : { [HEADERS.digest]: digest }) }
  const answer = await fetch(url, { method: 'PUT', headers, body: BODY })
  expect(answer.status).toBe(status)
  expect(answer.headers.get(HEADERS.reason)).toBe(status === 200 ? null : 'damaged')
  expect((await fetch(url, { headers })).status).toBe(status === 200 ? 200 : 404)
})
