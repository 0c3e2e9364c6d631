import { interrupted, stream } from '../processes.mjs'
import { interlock } from './interlock.mjs'

/**
 * The main job: the tests of everything that changed since a base that is known to be good.
 *
 * @param {import('../types.d.ts').Context} context
 * @returns {Promise<number>} exit status
 */
export async function runStart({ root, env }) {
  const [program, ...args] = interlock(root, ['affected', '-t', 'test'])
  const ended = await stream(program, args, { cwd: root, env, signOfLifeMs: 60_000 })
  if (ended.interrupted !== undefined) throw interrupted(ended.interrupted)
  return ended.status ?? 1
}
