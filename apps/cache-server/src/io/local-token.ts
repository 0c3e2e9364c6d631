import { randomBytes } from 'node:crypto'
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { InterlockError } from '@interlock/kit'

const TOKEN = /^[A-Za-z0-9_-]{43}$/u

/**
 * The token of a server on this machine: read from its file, which is made when it is missing, and which nobody but its
 * owner may read.
 */
export async function localToken(file: string): Promise<string> {
  const found = await readToken(file)
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

async function readToken(file: string): Promise<string | undefined> {
  try {
    const { mode } = await stat(file)
    if ((mode & 0o077) !== 0 && process.platform !== 'win32') {
      throw unfit(
        file,
        `others may read the token (mode ${(mode & 0o777).toString(8)})`,
        'chmod 600 the file, or remove it: a new one is made',
      )
    }
    const token = (await readFile(file, 'utf8')).trim()
    if (!TOKEN.test(token)) throw unfit(file, 'this is no token', 'remove the file: a new one is made')
    return token
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    if (error instanceof InterlockError) throw error
    throw unfit(file, `the token cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown reason'})`, undefined)
  }
}

function unfit(file: string, message: string, hint: string | undefined): InterlockError {
  return new InterlockError('CACHE_KEYS_UNFIT', message, { file, hint })
}
