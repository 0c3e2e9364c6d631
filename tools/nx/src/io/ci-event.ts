import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { InterlockError } from '@interlock/kit'
import { type CiEvent, ciEvent } from '../core/ci-event.ts'

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
    return { kind: 'everything', reason: `the payload of the event (GITHUB_EVENT_PATH) ${error.reason}` }
  }
}

function readPayload(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code
    throw new InterlockError('FILE_UNREADABLE', code === undefined ? 'is not JSON' : `cannot be read (${code})`, {
      file,
      hint: 'give the JSON payload of an event, as GitHub writes it',
      cause,
    })
  }
}
