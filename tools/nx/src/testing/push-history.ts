import type { Base } from '../core/base.ts'
import { createEventClones, type EventClones } from './event-clones.ts'
import { FAKE_TOKEN, type FakeGitHub, startFakeGitHub } from './fake-github.ts'
import { createNxWorkspace } from './nx-workspace.ts'

type Environment = Readonly<Record<string, string>>

/** A branch with some states, clones of it, and a GitHub that knows runs for them. */
export interface PushHistory {
  readonly github: FakeGitHub
  readonly clones: EventClones
  /** A whole clone with the newest commit checked out. */
  readonly root: string
  /** The states of main that matter, oldest first: before the last of them some went wrong. */
  readonly good: string
  readonly red: string
  readonly cancelled: string
  readonly now: string
  /** The payload of the push of `now`, changed by `given`. */
  readonly push: (given?: object) => object
  /** What is answered for a payload. Throws when it holds the token. */
  readonly baseOf: (event: unknown, at?: string, env?: Environment) => Promise<Base>
  readonly dispose: () => Promise<void>
}

export async function createPushHistory(): Promise<PushHistory> {
  const github = await startFakeGitHub()
  const remote = createNxWorkspace({ '.github/workflows/ci.yml': 'name: ci\n', 'a.txt': '', 'b.txt': '', 'c.txt': '' })
  const step = (file: string): string => {
    remote.write(file, 'changed\n')
    return remote.commit(file)
  }
  remote.commit('main')
  const [good, red, cancelled, now] = [step('before.txt'), step('a.txt'), step('b.txt'), step('c.txt')]
  const clones = createEventClones(remote.root)
  const root = clones.clone('whole')
  return {
    github,
    clones,
    root,
    good,
    red,
    cancelled,
    now,
    push: (given = {}) => {
      const repository = { full_name: 'octo/repo', default_branch: 'main' }
      return { ref: 'refs/heads/main', before: cancelled, after: now, repository, ...given }
    },
    baseOf: async (event, at = root, env = github.env) => {
      const base = (await clones.answer(at, event, env)) as Base
      if (JSON.stringify(base).includes(FAKE_TOKEN)) throw new Error('the token is in the answer')
      return base
    },
    dispose: async () => {
      await github.close()
      remote.dispose()
      clones.dispose()
    },
  }
}

/** Files that change since a base and are not selected by it; what was really good last says which have to be. */
export function missedFiles({ git }: EventClones, at: string, { base, lastGood }: { base: Base; lastGood: string }): string[] {
  const list = (...words: readonly string[]): string[] =>
    git(at, ...words)
      .split('\n')
      .filter((line) => line !== '')
  const selected = new Set(base.kind === 'everything' ? list('ls-files') : list('diff', '--name-only', base.commit, 'HEAD'))
  return list('diff', '--name-only', lastGood, 'HEAD').filter((file) => !selected.has(file))
}
