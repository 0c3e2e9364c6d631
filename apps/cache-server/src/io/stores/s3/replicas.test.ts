import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestStore } from '../../../testing/s3-harness.ts'
import { credentialsIn, s3Missing, sectionOf, startS3Server, type S3Server } from '../../../testing/s3-server.ts'
import { payloadOf, REMOVABLE } from '../../../testing/store-payload.ts'
import { getBytes, putBytes, sampleBytes, sampleKey, stageBytes, sampleEntry } from '../../../testing/store-samples.ts'

const WRITER = fileURLToPath(new URL('../../../testing/s3-writer.ts', import.meta.url))
const KEYS = 200
const KILLS = 4

interface Line {
  readonly kind: 'begin' | 'exists' | 'published' | 'ready' | 'removed' | 'removing'
  readonly key?: string
  readonly job?: string
}

describe.skipIf(s3Missing !== undefined)(
  `replicas on one bucket${s3Missing === undefined ? '' : ` (not run: ${s3Missing})`}`,
  () => {
    let server: S3Server
    beforeAll(async () => {
      server = await startS3Server()
    })
    afterAll(async () => server.stop())

    it('cache-29: of 16 replicas that publish one key at once one wins, each time', async () => {
      const section = sectionOf(await server.bucket(), server.endpoint)
      const replicas = await Promise.all(Array.from({ length: 16 }, async () => openTestStore(server, { section })))
      for (let round = 0; round < 5; round += 1) {
        const key = sampleKey({ hash: `${round}` })
        const ready = await Promise.all(
          replicas.map(async (store, index) => {
            const bytes = sampleBytes(`replica ${index}`, 2000 + index)
            const staging = await stageBytes(store, bytes)
            await staging.finish()
            return async () => store.publish(staging, sampleEntry(key, bytes, String(index)))
          }),
        )
        const outcomes = await Promise.all(ready.map(async (publish) => publish()))
        expect(outcomes.filter((outcome) => outcome === 'published')).toHaveLength(1)
        expect(outcomes.filter((outcome) => outcome === 'exists')).toHaveLength(15)
        const winner = outcomes.indexOf('published')
        for (const store of replicas) expect(await getBytes(store, key)).toEqual(sampleBytes(`replica ${winner}`, 2000 + winner))
      }
      for (const store of replicas) await store.close()
    })

    it('cache-38: a purge and a quarantine hold on every replica at once', async () => {
      const section = sectionOf(await server.bucket(), server.endpoint)
      const [one, two] = [await openTestStore(server, { section }), await openTestStore(server, { section })]
      await putBytes(one, sampleKey(), sampleBytes('poison', 100))
      await two.setState([sampleKey()], 'quarantined')
      expect(await one.find(sampleKey())).toMatchObject({ state: 'quarantined' })
      const [first, second] = await Promise.all([one.remove([sampleKey()]), two.remove([sampleKey()])])
      expect([...first, ...second]).toHaveLength(1)
      expect([await one.find(sampleKey()), await two.find(sampleKey())]).toEqual([undefined, undefined])
      await one.close()
      await two.close()
    })

    it('cache-38: kill -9 of one of two processes at any moment loses nothing acknowledged and leaves nothing half', async () => {
      const bucket = await server.bucket()
      const lines: Line[] = []
      const processes = new Map<string, ChildProcess>()
      const start = async (name: string, first: number): Promise<void> => {
        const child = spawn(
          process.execPath,
          [
            '--conditions=@interlock/source',
            '--import=@swc-node/register/esm-register',
            '--disable-warning=NodeVersionSupportWarning',
            WRITER,
            server.endpoint,
            bucket,
            name,
            String(KEYS),
            String(first),
          ],
          { env: { ...process.env, ...credentialsIn(server.credentials) }, stdio: ['ignore', 'pipe', 'inherit'] },
        )
        processes.set(name, child)
        let isReady = false
        createInterface({ input: child.stdout! }).on('line', (line) => {
          const said = JSON.parse(line) as Line
          isReady ||= said.kind === 'ready'
          lines.push(said)
        })
        await expect.poll(() => isReady, { timeout: 30_000 }).toBe(true)
      }
      const kill = async (name: string): Promise<void> => {
        const child = processes.get(name)!
        const closed = once(child, 'close')
        child.kill('SIGKILL')
        await closed
      }

      await Promise.all([start('one', 0), start('two', 0)])
      for (let round = 1; round <= KILLS; round += 1) {
        await delay(300 + Math.random() * 1500)
        await kill('one')
        await start('one', round * 100_000)
      }
      await kill('one')
      await kill('two')

      const store = await openTestStore(server, { section: sectionOf(bucket, server.endpoint) })
      const unfinished = new Set<string>()
      for (const { kind, job = '' } of lines) {
        if (kind === 'begin') unfinished.add(job)
        if (kind === 'exists' || kind === 'published') unfinished.delete(job)
      }
      let kept = 0
      for (let index = 0; index < KEYS; index += 1) {
        const key = sampleKey({ hash: `key-${index}` })
        const ofKey = lines.filter((line) => line.key === key.hash)
        const entry = await store.find(key)
        if (index % REMOVABLE !== 0) {
          const acknowledged = ofKey.filter(({ kind }) => kind === 'published').map(({ job }) => job)
          expect(acknowledged.length, `first writers of ${key.hash}: ${acknowledged.join(', ')}`).toBeLessThanOrEqual(1)
          if (acknowledged.length === 1) expect(entry?.writer.job, key.hash).toBe(acknowledged[0])
          if (ofKey.some(({ kind }) => kind === 'exists')) expect(entry, key.hash).toBeDefined()
          kept += acknowledged.length
        }
        if (entry === undefined) continue
        const job = entry.writer.job ?? ''
        expect(ofKey.some((line) => line.kind === 'begin' && line.job === job)).toBe(true)
        expect((await getBytes(store, key))?.equals(payloadOf(job)), `${job} is whole`).toBe(true)
      }
      // Otherwise this has shown nothing.
      expect(kept).toBeGreaterThan(20)
      expect(unfinished.size).toBeGreaterThanOrEqual(KILLS)
      expect(lines.some(({ kind }) => kind === 'removed')).toBe(true)
      await store.close()
    }, 240_000)
  },
)
