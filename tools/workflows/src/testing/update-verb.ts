import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Invocation, Outcome } from '@interlock/cli'
import { verbs } from '../cli/index.ts'
import { type FakeGitHub, startFakeGitHub } from './fake-github.ts'
import { CAPTURED, HEAD, mergeableState, REPOSITORY } from './update.ts'

/** `interlock ci update`, as a workflow would call it, with GitHub on loop-back. */
export interface UpdateVerb {
  readonly root: string
  readonly github: FakeGitHub
  /** Writes the payload of the event. */
  readonly event: (payload: object) => void
  readonly update: (given?: Partial<Pick<Invocation, 'env' | 'options'>>) => Promise<Outcome>
  /** Throws where a request was made that GitHub does not document. */
  readonly close: () => Promise<void>
}

export async function startUpdateVerb(): Promise<UpdateVerb> {
  const root = mkdtempSync(join(tmpdir(), 'interlock-update-'))
  const github = await startFakeGitHub(mergeableState())
  const path = join(root, 'event.json')
  const event = (payload: object): void => writeFileSync(path, JSON.stringify(payload))
  event(payload())
  const update: UpdateVerb['update'] = (given = {}) => {
    const verb = verbs.find(({ name }) => name === 'ci update')
    if (verb === undefined) throw new Error('no such verb')
    const env = { ...github.env, GITHUB_EVENT_PATH: path, INTERLOCK_UPDATE: CAPTURED, INTERLOCK_NEEDS: needs('3'), ...given.env }
    const options = { reviewers: ['octocat', 'octo/core'], ...given.options }
    return verb.run({ root, env, arguments: [], options, rest: [], json: false })
  }
  const close = async (): Promise<void> => {
    await github.close()
    rmSync(root, { recursive: true })
    if (github.undocumented.length > 0) throw new Error(`GitHub does not document: ${github.undocumented.join('\n')}`)
  }
  return { root, github, event, update, close }
}

/** The fields of the event that are read. */
export function payload(head: string = HEAD): object {
  return { repository: { full_name: REPOSITORY }, pull_request: { number: 7, head: { sha: head } } }
}

/** `toJSON(needs)` with a plan. */
export function needs(tests: string, result = 'success'): string {
  return JSON.stringify({ plan: { result, outputs: { tests } } })
}
