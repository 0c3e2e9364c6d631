import { randomBytes } from 'node:crypto'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { secretText, unfit } from './secret-file.ts'

const TOKEN = /^[A-Za-z0-9_-]{43}$/u

/**
 * The token of a server on this machine: read from its file, which is made when it is missing, and which nobody but its
 * owner may read.
 */
export async function localToken(file: string): Promise<string> {
  const found = readToken(file)
  if (found !== undefined) return found
  const token = randomBytes(32).toString('base64url')
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  const unfinished = `${file}.${process.pid}`
  const handle = await open(unfinished, 'w', 0o600)
  try {
    await handle.writeFile(`${token}\n`)
  } finally {
    await handle.close()
  }
  await rename(unfinished, file).catch(async (error: unknown) => {
    await rm(unfinished, { force: true })
    throw error
  })
  return token
}

function readToken(file: string): string | undefined {
  const hint = 'chmod 600 the file, or remove it: a new one is made'
  const token = secretText(file, { name: 'the token', forbidden: 0o077, hint })?.trim()
  if (token !== undefined && !TOKEN.test(token)) throw unfit(file, 'this is no token', 'remove the file: a new one is made')
  return token
}
