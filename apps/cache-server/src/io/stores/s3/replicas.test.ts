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
const TYPESCRIPT = new URL('../../../testing/typescript.mjs', import.meta.url).href
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
            `--import=${TYPESCRIPT}`,
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
        createInterface({ input: child.stdout }).on('line', (line) => {
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
      const problems: string[] = []
      for (let index = 0; index < KEYS; index += 1) {
        const hash = `key-${index}`
        const entry = await store.find(sampleKey({ hash }))
        const bytes = entry === undefined ? undefined : await getBytes(store, entry)
        problems.push(...problemsOf({ bytes, hash, isRemovable: index % REMOVABLE === 0, job: entry?.writer.job, lines }))
      }
      expect(problems).toEqual([])
      // Otherwise this has shown nothing.
      expect(lines.filter(({ kind }) => kind === 'published').length).toBeGreaterThan(20)
      expect(unfinishedOf(lines)).toBeGreaterThanOrEqual(KILLS)
      await store.close()
    }, 240_000)
  },
)

interface Outcome {
  readonly hash: string
  readonly isRemovable: boolean
  /** Who wrote what is there now. */
  readonly job: string | undefined
  readonly bytes: Buffer | undefined
  readonly lines: readonly Line[]
}

function problemsOf({ hash, isRemovable, job, bytes, lines }: Outcome): string[] {
  const ofKey = lines.filter(({ key }) => key === hash)
  const acknowledged = ofKey.filter(({ kind }) => kind === 'published').map((line) => line.job)
  const problems: string[] = []
  if (!isRemovable && acknowledged.length > 1) problems.push(`${hash}: several first writers, ${acknowledged.join(' and ')}`)
  if (!isRemovable && acknowledged.length === 1 && job !== acknowledged[0]) problems.push(`${hash}: ${acknowledged[0]} is lost`)
  if (!isRemovable && job === undefined && ofKey.some(({ kind }) => kind === 'exists'))
    problems.push(`${hash}: it was there, and is not`)
  if (job === undefined) return problems
  if (!ofKey.some((line) => line.kind === 'begin' && line.job === job)) problems.push(`${hash}: nobody began ${job}`)
  if (bytes?.equals(payloadOf(job)) !== true) problems.push(`${hash}: ${job} is not whole`)
  return problems
}

/** Publications that a kill ended somewhere. */
function unfinishedOf(lines: readonly Line[]): number {
  const unfinished = new Set<string>()
  for (const { kind, job = '' } of lines) {
    if (kind === 'begin') unfinished.add(job)
    if (kind === 'exists' || kind === 'published') unfinished.delete(job)
  }
  return unfinished.size
}
