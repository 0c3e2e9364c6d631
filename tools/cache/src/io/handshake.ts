import { linkSync, lstatSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { removeIfThere } from '@interlock/kit/system'
import { INNER_PATHS } from '../core/loopback.ts'
import { askShield } from './ask-shield.ts'

/** Where a shield listens, and the secret that opens it. */
export interface Handshake {
  readonly pid: number
  readonly port: number
  readonly secret: string
}

/** What became of a shield's offer to serve everybody with its settings. */
export type Offer =
  | { readonly kind: 'written'; readonly file: string }
  | { readonly kind: 'taken'; readonly handshake: Handshake }
  /** The folder cannot be written: this shield serves who started it. */
  | { readonly kind: 'unshared' }

/** Writes the handshake file, unless another shield with the same settings is alive. */
export async function offerHandshake(folder: string, key: string, handshake: Handshake): Promise<Offer> {
  const file = join(folder, fileName(key))
  const unfinished = `${file}.${process.pid}`
  try {
    writeFileSync(unfinished, JSON.stringify(handshake), { mode: 0o600, flag: 'wx' })
    for (let attempt = 0; attempt < 3; attempt += 1) {
      if (linked(unfinished, file)) return { kind: 'written', file }
      const other = await aliveShield(file)
      if (other !== undefined) return { kind: 'taken', handshake: other }
      removeIfThere(file)
    }
  } catch {
    // A folder that cannot be written, or has no hard links.
  } finally {
    removeIfThere(unfinished)
  }
  return { kind: 'unshared' }
}

/** The shield with these settings that answers; `undefined` when there is none. */
export async function findShield(folder: string, key: string): Promise<Handshake | undefined> {
  return aliveShield(join(folder, fileName(key)))
}

/** Removes the file, unless it speaks of another shield by now. */
export function removeHandshake(file: string, { pid, port }: Handshake): void {
  const found = readHandshake(file)
  if (found?.pid === pid && found.port === port) removeIfThere(file)
}

/**
 * Reads a handshake file. One that somebody else wrote, or could read, is none: a checkout may hold a file of this name,
 * with any content.
 */
export function readHandshake(file: string): Handshake | undefined {
  try {
    const stats = lstatSync(file)
    const isOwn = process.platform === 'win32' || (stats.uid === process.getuid?.() && (stats.mode & 0o077) === 0)
    if (!stats.isFile() || !isOwn) return undefined
    const { pid, port, secret } = JSON.parse(readFileSync(file, 'utf8')) as Partial<Handshake>
    const isValid = Number.isInteger(pid) && Number.isInteger(port) && typeof secret === 'string' && /^[\w-]{43}$/u.test(secret)
    return isValid ? { pid: pid as number, port: port as number, secret } : undefined
  } catch {
    return undefined
  }
}

/** What every shield of a folder announced, also one that has ended since. */
export function readHandshakes(folder: string): readonly Handshake[] {
  try {
    const names = readdirSync(folder).filter((name) => /^shield-[\da-f]{32}\.json$/u.test(name))
    return names.flatMap((name) => readHandshake(join(folder, name)) ?? [])
  } catch {
    return []
  }
}

function fileName(key: string): string {
  return `shield-${key}.json`
}

function linked(from: string, to: string): boolean {
  try {
    linkSync(from, to)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

async function aliveShield(file: string): Promise<Handshake | undefined> {
  const handshake = readHandshake(file)
  if (handshake === undefined) return undefined
  const answer = await askShield(handshake, { path: INNER_PATHS.status, milliseconds: 2000 }).catch(() => undefined)
  return answer === undefined ? undefined : handshake
}
