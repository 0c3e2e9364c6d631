// Prints which referees of the workflows are here, as a runtime input of every target whose tests run them: a result
// without a referee is none of one with it.
//
//   node tools/setup/referees-identity.mjs
//
// Nx takes any two failures for the same value, so a failure here prints a line that is never the same twice.
import { createHash, randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { placeOf, readReferees } from './src/referees.mjs'

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

try {
  for (const referee of readReferees(root)) console.log(`${referee.name} ${referee.version}: ${identityOf(referee)}`)
} catch (error) {
  console.log(`not known: ${error instanceof Error ? error.message : String(error)} ${randomUUID()}`)
}

/** The bytes of the program that the tests would run; the first line of a script holds a folder of this clone. @param {import('./src/referees.mjs').Referee} referee */
function identityOf(referee) {
  const own = placeOf(referee, { platform: process.platform, root })
  const onPath = (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, own.split(/[\\/]/).at(-1) ?? ''))
  for (const place of [own, ...onPath]) {
    const bytes = readOrUndefined(place)
    if (bytes !== undefined) return createHash('sha256').update(withoutInterpreter(bytes)).digest('hex')
  }
  return 'not installed'
}

/** @param {Buffer} bytes */
function withoutInterpreter(bytes) {
  return bytes.subarray(0, 2).toString() === '#!' ? bytes.subarray(bytes.indexOf(10)) : bytes
}

/** @param {string} place */
function readOrUndefined(place) {
  try {
    return readFileSync(place)
  } catch {
    return undefined
  }
}
