import { readFileSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { InterlockError } from '@interlock/kit'
import { type CiEvent, ciEvent, unusable } from '../core/ci-event.ts'

type Environment = Readonly<Record<string, string | undefined>>

/**
 * The event that a run belongs to: the payload in `file`, or the one that GitHub Actions names in the environment;
 * `undefined` outside of both.
 *
 * @throws InterlockError `FILE_UNREADABLE` for a `file` that a person gave and that is no JSON. A payload of GitHub's own
 * that cannot be read means everything.
 */
export function readCiEvent(file: string | undefined, env: Environment): CiEvent | undefined {
  const { GITHUB_ACTIONS: actions, GITHUB_EVENT_NAME: name = '', GITHUB_EVENT_PATH: path = '' } = env
  if (file !== undefined) {
    const isOfRun = actions === 'true' && path !== '' && resolve(file) === resolve(path)
    return ciEvent(isOfRun ? name : undefined, readPayload(file))
  }
  if (actions !== 'true') return undefined
  try {
    return ciEvent(name, readPayload(path))
  } catch (error) {
    if (!(error instanceof InterlockError)) throw error
    return unusable(`the payload of the event (GITHUB_EVENT_PATH) ${error.reason}`)
  }
}

/** GitHub cuts payloads off at 25 MB. */
const MOST_BYTES = 64 * 2 ** 20

function readPayload(file: string): unknown {
  try {
    if (statSync(file).size > MOST_BYTES) throw new RangeError('is larger than any payload of GitHub')
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (cause) {
    throw new InterlockError('FILE_UNREADABLE', faultOf(cause), {
      file,
      hint: 'give the JSON payload of an event, as GitHub writes it',
      cause,
    })
  }
}

function faultOf(cause: unknown): string {
  if (cause instanceof RangeError) return cause.message
  const code = (cause as NodeJS.ErrnoException).code
  return code === undefined ? 'is not JSON' : `cannot be read (${code})`
}
