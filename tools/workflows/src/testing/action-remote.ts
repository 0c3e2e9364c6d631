import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runOk } from '@interlock/kit'

const ACTION = 'inputs: { key: { required: true } }\nruns: { using: node24, main: x.js }\n'
const DAY_S = 24 * 60 * 60

/** A real repository of an action, which git serves from the disk. */
export interface ActionRemote {
  readonly git: (...args: readonly string[]) => Promise<string>
  /** Commits `action.yml` with a date so many days ago, tags it, and returns the commit. */
  readonly release: (tag: string, daysAgo: number, options?: ReleaseOptions) => Promise<string>
}

export interface ReleaseOptions {
  readonly action?: string
  /** Days ago of a tag that is an object of its own. */
  readonly tagged?: number
}

/** Makes the repository `name` below `server`. */
export async function actionRemote(server: string, name: string): Promise<ActionRemote> {
  const cwd = join(server, name)
  mkdirSync(cwd, { recursive: true })
  const git = async (date: number, ...args: readonly string[]): Promise<string> => {
    const day = `${Math.floor(Date.now() / 1000) - date * DAY_S} +0000`
    const env = {
      ...Object.fromEntries(
        ['AUTHOR', 'COMMITTER'].flatMap((who) => [
          [`GIT_${who}_NAME`, 'T'],
          [`GIT_${who}_EMAIL`, 't@example.invalid'],
          [`GIT_${who}_DATE`, day],
        ]),
      ),
      GIT_CONFIG_GLOBAL: '/dev/null',
    }
    return (await runOk(['git', ...args], { cwd, env })).stdout.trim()
  }
  await git(0, 'init', '--quiet', '--initial-branch=main')
  await git(0, 'config', 'uploadpack.allowFilter', 'true')
  return {
    git: (...args) => git(0, ...args),
    release: async (tag, daysAgo, { action = ACTION, tagged } = {}) => {
      writeFileSync(join(cwd, 'action.yml'), action)
      await git(daysAgo, 'add', '--all')
      await git(daysAgo, 'commit', '--quiet', '--allow-empty', '--message', tag)
      if (tagged === undefined) await git(0, 'tag', '--force', tag)
      else await git(tagged, 'tag', '--force', '--annotate', '--message', tag, tag)
      return git(0, 'rev-parse', 'HEAD')
    },
  }
}
