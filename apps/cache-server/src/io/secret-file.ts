import { readFileSync, statSync } from 'node:fs'
import { InterlockError } from '@interlock/kit'

export interface SecretFile {
  /** What it is, for messages: `the key file`. */
  readonly name: string
  /** Bits of the mode that must not be set. Windows has no such bits, and says that everybody may do everything. */
  readonly forbidden: number
  readonly hint: string
}

/** The text of a file that holds a secret; `undefined` when there is none. Throws `CACHE_KEYS_UNFIT` where others may use it. */
export function secretText(path: string, { name, forbidden, hint }: SecretFile): string | undefined {
  try {
    const { mode } = statSync(path)
    if ((mode & forbidden) !== 0 && process.platform !== 'win32')
      throw unfit(path, `others may use ${name} (mode ${(mode & 0o777).toString(8)})`, hint)
    return readFileSync(path, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return undefined
    if (error instanceof InterlockError) throw error
    throw unfit(path, `${name} cannot be read (${code ?? 'unknown reason'})`)
  }
}

export function unfit(path: string, message: string, hint?: string): InterlockError {
  return new InterlockError('CACHE_KEYS_UNFIT', message, { file: path, hint })
}
