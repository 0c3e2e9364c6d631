import { createHash } from 'node:crypto'
import { readFileSync, renameSync, writeFileSync } from 'node:fs'

// A stamp is written last, so whatever was interrupted has none and is done again.

/**
 * Hex SHA-256 of files and words, in order. A file that does not exist counts as such.
 *
 * @param {readonly string[]} files
 * @param {readonly string[]} words
 */
export function digestOf(files, words) {
  const hash = createHash('sha256')
  for (const file of files) {
    const bytes = readOrUndefined(file)
    hash.update(bytes === undefined ? 'absent\n' : `${bytes.length}\n`).update(bytes ?? '')
  }
  for (const word of words) hash.update(`${word}\n`)
  return hash.digest('hex')
}

/** @param {string} file @returns {string | undefined} the digest of a finished piece of work */
export function readStamp(file) {
  return readOrUndefined(file)?.toString('utf8').trim()
}

/** @param {string} file @param {string} digest */
export function writeStamp(file, digest) {
  writeFileSync(`${file}.new`, `${digest}\n`)
  renameSync(`${file}.new`, file)
}

/** @param {string} file */
function readOrUndefined(file) {
  try {
    return readFileSync(file)
  } catch {
    return undefined
  }
}
