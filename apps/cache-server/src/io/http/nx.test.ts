import { expect, test } from 'vitest'
import { nxClient } from '../../testing/nx-client.ts'
import { testServer } from '../../testing/server.ts'
import { MAIN, PULL_A, PULL_B, READER, tokenAuthority } from '../../testing/tokens.ts'

const authority = tokenAuthority({ tokens: { main: MAIN, reader: READER, a: PULL_A, b: PULL_B }, expired: ['old'] })
const HIT = /remote cache/u

test('an artifact that Nx stored comes back when its own cache is empty', async () => {
  await using server = await testServer({ authority, isGuarded: true })
  await using client = await nxClient()
  const first = await client.run({ url: server.url, token: 'main' })
  expect(first).toMatchObject({ kind: 'exited', status: 0 })
  const second = await client.run({ url: server.url, token: 'main' })
  expect(second).toMatchObject({ kind: 'exited', status: 0, stdout: expect.stringMatching(HIT) })
  expect(await client.workspace.read('dist/p1/out.txt')).toBe('made p1\n')
  expect(server.audited.filter(({ kind }) => kind === 'put')).toHaveLength(1)
})
