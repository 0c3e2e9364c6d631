import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Outcome } from '@interlock/cli'
import { verbs } from '../cli/index.ts'

type Environment = Readonly<Record<string, string>>

/** Clones of one remote, payloads of events, and what `interlock base` answers for them. */
export interface EventClones {
  readonly folder: string
  /** Runs git and returns what it wrote, trimmed; throws when it fails. */
  readonly git: (cwd: string, ...args: readonly string[]) => string
  /** The folder of a new clone. */
  readonly clone: (name: string, ...flags: readonly string[]) => string
  /** The file of a payload; a text is written as it is. */
  readonly payload: (name: string, content: unknown) => string
  readonly base: (root: string, options?: object, env?: Environment) => Promise<Outcome>
  /** What it answers for one payload. */
  readonly answer: (root: string, event: unknown, env?: Environment) => Promise<unknown>
  readonly dispose: () => void
}

export function createEventClones(remote: string): EventClones {
  const folder = mkdtempSync(join(tmpdir(), 'interlock-event-'))
  const git: EventClones['git'] = (cwd, ...args) => {
    const who = ['-c', 'user.name=t', '-c', 'user.email=t@t.invalid']
    return execFileSync('git', [...who, ...args], { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
  }
  const payload: EventClones['payload'] = (name, content) => {
    const path = join(folder, `${name}.json`)
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
    return path
  }
  const base: EventClones['base'] = async (root, options = {}, env = {}) => {
    const verb = verbs.find(({ name }) => name === 'base')
    if (verb === undefined) throw new Error('there is no verb base')
    return verb.run({ root, env, arguments: [], options: { ...options }, rest: [], json: true })
  }
  return {
    folder,
    git,
    payload,
    base,
    clone: (name, ...flags) => {
      const path = join(folder, name)
      git(folder, 'clone', '--quiet', ...flags, pathToFileURL(remote).href, path)
      return path
    },
    answer: async (root, event, env) => (await base(root, { event: payload('event', event) }, env)).data,
    dispose: () => rmSync(folder, { recursive: true, force: true }),
  }
}
