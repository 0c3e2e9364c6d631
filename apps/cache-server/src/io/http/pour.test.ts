import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, get, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { putBytes, sampleBytes, sampleKey } from '../../testing/store-samples.ts'
import type { Store } from '../store.ts'
import { openDiskStore } from '../stores/disk/disk-store.ts'
import { pour } from './pour.ts'

/** More than the buffers of a connection hold, so that some of it waits in this process. */
const SIZE = 16_000_000
const TEXTS = ['one', 'two', 'three', 'four', 'five']
let directory: string
let store: Store
const poured: string[] = []
const server = createServer((request, response) => {
  void (async () => {
    const entry = await store.find(sampleKey({ hash: (request.url ?? '').slice(1) }))
    const body = (await store.read(entry!)) as Readable
    response.writeHead(200, { 'content-length': SIZE })
    poured.push(await pour(body, response, SIZE))
  })()
})

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'interlock-pour-'))
  store = await openDiskStore({ directory, durability: 'none', now: () => 1, onEvent: () => undefined })
  for (const text of TEXTS) await putBytes(store, sampleKey({ hash: text }), sampleBytes(text, SIZE))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
})
afterAll(async () => {
  server.close()
  await store.close()
  await rm(directory, { recursive: true, force: true })
})

async function answerOf(text: string): Promise<IncomingMessage> {
  const request = get({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', path: `/${text}`, agent: false })
  const [answer] = (await once(request, 'response')) as [IncomingMessage]
  return answer
}

describe('large answers', () => {
  it('hold their own bytes only, although their memory is used again, with slow readers and such that go away', async () => {
    const read = async (text: string, index: number): Promise<boolean> => {
      const answer = await answerOf(text)
      if (index % 8 === 7) {
        answer.once('data', () => answer.destroy())
        await once(answer, 'close')
        return true
      }
      if (index % 2 === 0) await new Promise((resolve) => setTimeout(resolve, 300 + index * 20))
      return (await buffer(answer)).equals(sampleBytes(text, SIZE))
    }
    const all = await Promise.all(Array.from({ length: 24 }, async (_, index) => read(TEXTS[(index * 7) % 5]!, index)))
    expect(all.every(Boolean)).toBe(true)
    expect(poured.filter((end) => end === 'whole').length).toBeGreaterThanOrEqual(21)
    expect(poured.filter((end) => end === 'store-failed')).toEqual([])
  })
})
