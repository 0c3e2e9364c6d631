import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runStoreProcess } from '../../../testing/run-store-process.ts'
import { getBytes, putBytes, sampleBytes, sampleKey } from '../../../testing/store-samples.ts'
import type { Store } from '../../store.ts'
import { openDiskStore } from './disk-store.ts'
import type { DiskEvent } from './events.ts'
import { lockDirectory } from './lock.ts'
import { ownIdentity } from './process-identity.ts'

let directory: string
const open = async (events: DiskEvent[] = []): Promise<Store> =>
  openDiskStore({ directory, durability: 'none', now: () => Date.now(), onEvent: (event) => events.push(event) })

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'interlock-lock-'))
})
afterEach(async () => rm(directory, { recursive: true, force: true }))

describe('the lock of a directory', () => {
  it('cache-38b: a second process refuses to start and names the first, which goes on undisturbed', async () => {
    const holder = runStoreProcess(directory, 'hold')
    await holder.until('open')
    const second = await runStoreProcess(directory, 'probe').ended
    expect(second.status).toBe(1)
    expect(second.stderr).toContain(`CACHE_STORE_LOCKED: ${directory}: the directory is in use by process ${holder.pid}`)
    await expect(open()).rejects.toMatchObject({ code: 'CACHE_STORE_LOCKED', exitStatus: 4 })
    holder.kill('SIGKILL')
    await holder.ended

    const events: DiskEvent[] = []
    const store = await open(events)
    expect(events).toContainEqual({ kind: 'lock-taken-over', pids: [holder.pid] })
    await store.close()
  })

  it('a store refuses a directory that its own process has open already, and takes it once that is closed', async () => {
    const first = await open()
    await expect(open()).rejects.toMatchObject({ code: 'CACHE_STORE_LOCKED' })
    await putBytes(first, sampleKey(), sampleBytes('kept', 100))
    await first.close()
    const second = await open()
    expect(await getBytes(second, sampleKey())).toEqual(sampleBytes('kept', 100))
    await second.close()
    expect(await readdir(join(directory, 'locks'))).toEqual([])
  })

  it('of many that start at once on a directory that a dead process left, at most one gets it', async () => {
    const folder = join(directory, 'locks')
    await mkdir(folder)
    const dead = runStoreProcess(join(directory, 'other'), 'hold')
    await dead.until('open')
    await cp(join(directory, 'other', 'locks'), folder, { recursive: true })
    dead.kill('SIGKILL')
    await dead.ended

    const outcomes = await Promise.allSettled(Array.from({ length: 12 }, async () => lockDirectory(folder, directory)))
    const won = outcomes.filter((outcome) => outcome.status === 'fulfilled')
    expect(won.length).toBeLessThanOrEqual(1)
    for (const { value } of won) await value.release()
    const alone = await lockDirectory(folder, directory)
    await alone.release()
  })

  it('a number that the system has given to another process since is no holder', async () => {
    const { host, boot } = ownIdentity()
    await mkdir(join(directory, 'locks'))
    await writeFile(join(directory, 'locks', `${process.pid}.1.${host}.${boot}.earlier`), '')
    const events: DiskEvent[] = []
    const store = await open(events)
    expect(events).toContainEqual({ kind: 'lock-taken-over', pids: [process.pid] })
    await store.close()
  })

  it('a process from before the machine started again is no holder', async () => {
    const { host, started } = ownIdentity()
    await mkdir(join(directory, 'locks'))
    await writeFile(join(directory, 'locks', `${process.pid}.${started}.${host}.another.earlier`), '')
    const store = await open()
    expect(await readdir(join(directory, 'locks'))).toHaveLength(1)
    await store.close()
  })

  it('a process of another machine or container is believed to be alive, and the hint says which file is its', async () => {
    await mkdir(join(directory, 'locks'))
    await writeFile(join(directory, 'locks', '12.34.elsewhere.56.nonce'), '')
    await expect(open()).rejects.toMatchObject({
      code: 'CACHE_STORE_LOCKED',
      reason: 'the directory is in use by process 12 of another machine or container',
      hint: expect.stringContaining('remove its file, which begins with 12., from'),
    })
  })

  it('files that no process of this server makes are left alone', async () => {
    await mkdir(join(directory, 'locks'))
    for (const name of ['lost+found', '.nfs0001', 'a.b.c.d.e', '0.1.2.3.4', '-1.1.1.1.1']) {
      await writeFile(join(directory, 'locks', name), '')
    }
    await (await open()).close()
    expect(await readdir(join(directory, 'locks'))).toHaveLength(5)
  })
})
