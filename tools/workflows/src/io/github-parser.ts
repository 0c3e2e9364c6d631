import { fileURLToPath } from 'node:url'
import { InterlockError, runProcess } from '@interlock/kit'
import type { LintDocument } from '../core/lint/document.ts'
import type { ParserAnswer } from '../core/lint/github-parser.ts'

const PROGRAM = fileURLToPath(new URL('../../bin/github-parser.mjs', import.meta.url))
const TIMEOUT_MS = 120_000

/**
 * What GitHub's own parser says about each document, in the same order. It runs in a process of its own.
 *
 * @throws InterlockError when it does not run to its end: then nothing is known about any of them.
 */
export async function askParser(documents: readonly LintDocument[]): Promise<readonly ParserAnswer[]> {
  if (documents.length === 0) return []
  const files = documents.map(({ kind, text }, index) => ({ path: addressOf(kind, index), text }))
  const result = await runProcess([process.execPath, PROGRAM], {
    input: JSON.stringify({ files }),
    env: { NODE_OPTIONS: undefined },
    timeoutMs: TIMEOUT_MS,
    maxOutputBytes: 1 << 28,
  })
  if (result.kind === 'timed-out') {
    throw new InterlockError('PROCESS_TIMED_OUT', `GitHub's parser did not end within ${TIMEOUT_MS / 1000} seconds`, {
      hint: 'name fewer files, to see which one it hangs on',
    })
  }
  if (result.kind !== 'exited' || result.status !== 0) {
    const reason = result.kind === 'missing' ? result.reason : result.stderr.trim().split('\n').slice(-3).join(' ')
    throw new InterlockError('PROCESS_FAILED', `GitHub's parser did not run: ${reason}`, {
      hint: 'install the packages of this workspace again',
    })
  }
  const { answers } = JSON.parse(result.stdout) as { readonly answers: readonly ParserAnswer[] }
  if (answers.length !== files.length) throw new Error("GitHub's parser did not answer for every file")
  return answers
}

/** The parser tells a workflow from an action by the name of its file; names of users are kept from it. */
function addressOf(kind: LintDocument['kind'], index: number): string {
  return kind === 'action' ? `${index}/action.yml` : `.github/workflows/${index}.yml`
}
