import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto'
import { closeSync, fsyncSync, linkSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { z } from 'zod'
import { secretText, unfit } from './secret-file.ts'

/** Ed25519 keys of the server, the newest first: that one signs, and all of them verify. */
export type Keyring = readonly [SigningKey, ...SigningKey[]]

export interface SigningKey {
  readonly id: string
  /** Milliseconds since the epoch. */
  readonly created: number
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
  /** Base64url of the 32 bytes of the public key. */
  readonly publicText: string
}

/** As many as a server can need: one that signs, and those whose signatures are still about. */
const MOST_KEYS = 8

const fileSchema = z.strictObject({
  keys: z
    .array(z.strictObject({ created: z.int().min(0), seed: z.string().regex(/^[A-Za-z0-9_-]{43}$/u) }))
    .min(1)
    .max(MOST_KEYS),
})
type KeyFile = z.output<typeof fileSchema>

/** Reads the keys of a file, which is made, for its owner only, when there is none. */
export function openKeyring(path: string, clock: () => number): Keyring {
  const found = readKeyFile(path)
  if (found !== undefined) return found
  writeKeys(path, { keys: [newKey(clock())] }, 'new')
  const made = readKeyFile(path)
  if (made === undefined) throw unfit(path, 'the key file vanished while it was made')
  return made
}

/** The keys of a file that has to be there. */
export function readKeyring(path: string): Keyring {
  const found = readKeyFile(path)
  if (found === undefined) throw absent(path)
  return found
}

/** Puts a new key before the others. What the oldest signed is no longer known once there are more than eight. */
export function rotateKeyring(path: string, clock: () => number): Keyring {
  const text = readText(path)
  if (text === undefined) throw absent(path)
  const old = parseKeyFile(path, text)
  writeKeys(path, { keys: [newKey(clock()), ...old.keys].slice(0, MOST_KEYS) }, 'replace')
  return readKeyring(path)
}

function readKeyFile(path: string): Keyring | undefined {
  const text = readText(path)
  if (text === undefined) return undefined
  const [newest, ...older] = parseKeyFile(path, text).keys.map(keyOf)
  if (newest === undefined) throw unfit(path, 'the key file holds no key')
  return [newest, ...older]
}

function readText(path: string): string | undefined {
  // A mounted secret may be readable for a group; what everybody reads, or others write, protects nothing.
  return secretText(path, { name: 'the key file', forbidden: 0o027, hint: `chmod 600 ${path}` })
}

function parseKeyFile(path: string, text: string): KeyFile {
  try {
    return fileSchema.parse(JSON.parse(text))
  } catch {
    // The cause is left out: it may quote the file.
    throw unfit(path, 'the key file is damaged', 'put it back from a backup; a new one makes every signature so far worthless')
  }
}

/** The key appears whole or not at all; of two processes that make one at the same time, both use the first. */
function writeKeys(path: string, keys: KeyFile, how: 'new' | 'replace'): void {
  const temporary = `${path}.${randomUUID()}`
  try {
    const file = openSync(temporary, 'wx', 0o600)
    try {
      writeSync(file, `${JSON.stringify(keys)}\n`)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    if (how === 'new') linkSync(temporary, path)
    else renameSync(temporary, path)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'EEXIST') throw unfit(path, `the key file cannot be written (${code ?? 'unknown reason'})`)
  } finally {
    rmSync(temporary, { force: true })
  }
}

function newKey(created: number): KeyFile['keys'][number] {
  const { privateKey } = generateKeyPairSync('ed25519')
  return { created, seed: privateKey.export({ format: 'jwk' }).d ?? '' }
}

/** What stands before the 32 bytes of an Ed25519 seed in PKCS #8. */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex')

function keyOf({ created, seed }: KeyFile['keys'][number]): SigningKey {
  const der = Buffer.concat([PKCS8, Buffer.from(seed, 'base64url')])
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
  const publicKey = createPublicKey(privateKey)
  const publicText = publicKey.export({ format: 'jwk' }).x ?? ''
  const id = createHash('sha256').update(publicText).digest('base64url').slice(0, 16)
  return { id, created, privateKey, publicKey, publicText }
}

function absent(path: string): Error {
  return unfit(path, 'there is no such key file', 'the server makes it when it starts for the first time')
}
