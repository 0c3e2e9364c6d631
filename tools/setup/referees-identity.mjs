// Prints which referees are here, of the workflows or of what is named, as a runtime input of every target whose tests run
// them: a result without a referee is none of one with it.
//
//   node tools/setup/referees-identity.mjs [proxy]
//
// Nx takes any two failures for the same value, so a failure here prints a line that is never the same twice.
import { createHash, randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CATALOGUES, programOf, readReferees } from './src/referees.mjs'

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

try {
  const catalogue = process.argv[2] === 'proxy' ? CATALOGUES.proxy : CATALOGUES.workflows
  for (const referee of readReferees(root, catalogue)) console.log(`${referee.name} ${referee.version}: ${identityOf(referee)}`)
} catch (error) {
  console.log(`not known: ${error instanceof Error ? error.message : String(error)} ${randomUUID()}`)
}

/** The bytes of the program; the first line of a script holds a folder of this clone. @param {import('./src/referees.mjs').Referee} referee */
function identityOf(referee) {
  const program = programOf(referee, { env: process.env, platform: process.platform, root })
  if (program === undefined) return 'not installed'
  return createHash('sha256')
    .update(withoutInterpreter(readFileSync(program)))
    .digest('hex')
}

/** @param {Buffer} bytes */
function withoutInterpreter(bytes) {
  return bytes.subarray(0, 2).toString() === '#!' ? bytes.subarray(bytes.indexOf(10)) : bytes
}
