import { randomUUID } from 'node:crypto'
import { mkdir, open, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { InterlockError } from '@interlock/kit'
import { codeOf } from './fault.ts'
import { OWNER_ONLY } from './owner-only.ts'
import { mayBeAlive, ownIdentity, type ProcessIdentity } from './process-identity.ts'

/** The right of one process to a directory. */
export interface Lock {
  /** Numbers of processes that are gone and had not given the directory back. */
  readonly stale: readonly number[]
  readonly release: () => Promise<void>
}

/** Two that start at the same moment both step back and try again, a random while later. */
const ATTEMPTS = 12
const MAX_WAIT_MS = 120

/**
 * Takes the directory for this process, or throws `CACHE_STORE_LOCKED`.
 *
 * Each process says that it is there with a file of its own, and then looks who else is. Of two, at least the later one
 * sees the other, so both never go on; and no file that another live process may count on is ever taken away.
 */
export async function lockDirectory(folder: string, directory: string): Promise<Lock> {
  await mkdir(folder, { recursive: true, mode: OWNER_ONLY.folder })
  const stale = new Set<number>()
  for (let attempt = 1; ; attempt += 1) {
    const own = `${nameOf(ownIdentity())}.${randomUUID()}`
    await (await open(join(folder, own), 'wx', OWNER_ONLY.file)).close()
    const holder = await otherHolder(folder, own, stale)
    if (holder === undefined) {
      return { stale: [...stale], release: async () => rm(join(folder, own), { force: true }) }
    }
    await rm(join(folder, own), { force: true })
    if (attempt === ATTEMPTS) throw lockedError(holder, folder, directory)
    await sleep(Math.random() * MAX_WAIT_MS)
  }
}

/** The first other process that may be alive; files of those that are gone are taken away. */
async function otherHolder(folder: string, own: string, stale: Set<number>): Promise<ProcessIdentity | undefined> {
  let holder: ProcessIdentity | undefined
  for (const name of await readdir(folder)) {
    const identity = name === own ? undefined : identityOf(name)
    if (identity === undefined) continue
    if (mayBeAlive(identity)) {
      holder ??= identity
      continue
    }
    stale.add(identity.pid)
    await rm(join(folder, name), { force: true }).catch((error: unknown) => {
      // Another process that starts may take it away at the same moment.
      if (codeOf(error) !== 'ENOENT') throw error
    })
  }
  return holder
}

function nameOf({ pid, started, host, boot }: ProcessIdentity): string {
  return [pid, started, host, boot].join('.')
}

function identityOf(name: string): ProcessIdentity | undefined {
  const [pid, started, host, boot, nonce] = name.split('.')
  if (started === undefined || host === undefined || boot === undefined || nonce === undefined) return undefined
  if (!/^[1-9]\d*$/u.test(pid ?? '')) return undefined
  return { pid: Number(pid), started, host, boot }
}

function lockedError(holder: ProcessIdentity, folder: string, directory: string): InterlockError {
  const isHere = holder.host === ownIdentity().host
  const where = isHere ? `process ${holder.pid}` : `process ${holder.pid} of another machine or container`
  return new InterlockError('CACHE_STORE_LOCKED', `the directory is in use by ${where}`, {
    file: directory,
    hint: isHere
      ? 'end that process first, or give this one a directory of its own; several servers can share a bucket'
      : `end that process first; if its machine is gone for good, remove its file, which begins with ${holder.pid}., from ${folder}`,
  })
}
