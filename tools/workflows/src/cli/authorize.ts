import { readFileSync } from 'node:fs'
import type { Invocation, Outcome } from '@interlock/cli'
import { annotation, EXIT, InterlockError } from '@interlock/kit'
import { authorize } from '../core/authorize.ts'
import { addSummary, setOutputs, tableRow } from '../io/github.ts'

/** `interlock ci authorize`: which commit may run on a machine of the owner. Exit 5 when none may. */
export async function runAuthorize({ env }: Invocation): Promise<Outcome> {
  const event = env['GITHUB_EVENT_NAME'] ?? ''
  const verdict = authorize({ event, payload: payloadIn(env['GITHUB_EVENT_PATH'] ?? ''), sha: env['GITHUB_SHA'] ?? '' })
  if (verdict.kind === 'refused') {
    const lines = [verdict.reason, ...annotation(env, 'error', { title: 'not authorized', message: verdict.reason })]
    return { status: EXIT.refused, prose: lines.join('\n'), data: verdict }
  }
  setOutputs(env, { sha: verdict.sha })
  const line = `${verdict.sha} of ${verdict.what}: it runs once a reviewer of the environment approves it`
  addSummary(env, tableRow([line]).slice(2, -2))
  return { status: EXIT.done, prose: line, data: verdict }
}

function payloadIn(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    throw new InterlockError('FILE_UNREADABLE', code === undefined ? 'is not JSON' : `cannot be read (${code})`, {
      file: file === '' ? 'GITHUB_EVENT_PATH' : file,
      hint: 'this command is for a run of GitHub Actions, which names its event there',
      cause,
    })
  }
}
