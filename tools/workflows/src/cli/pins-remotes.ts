import type { Invocation } from '@interlock/cli'
import { InterlockError } from '@interlock/kit'
import type { Entry } from '../core/pins/entries.ts'
import { serverOf } from '../core/pins/server.ts'
import { mapLimited } from '../io/pins/limited.ts'
import { type Remote, withRemote } from '../io/pins/remote.ts'

const AT_A_TIME = 4
const DEFAULT_TIMEOUT_S = 60

/** Asks the repository of every entry, some at a time, and returns the answers in the order of the entries. */
export async function eachRemote<Result>(
  { env, options }: Invocation,
  entries: readonly Entry[],
  ask: (remote: Remote, entry: Entry) => Promise<Result>,
): Promise<{ readonly entry: Entry; readonly result: Result }[]> {
  const server = serverOf(env)
  const timeoutMs = 1000 * timeoutSeconds(options['timeout'])
  return mapLimited(entries, AT_A_TIME, async (entry) => ({
    entry,
    result: await withRemote({ url: `${server}/${entry.repository}`, timeoutMs }, (remote) => ask(remote, entry)),
  }))
}

function timeoutSeconds(value: unknown): number {
  if (value === undefined) return DEFAULT_TIMEOUT_S
  const seconds = typeof value === 'string' && /^\d{1,4}$/u.test(value) ? Number(value) : 0
  if (seconds >= 1 && seconds <= 3600) return seconds
  throw new InterlockError('USAGE', `--timeout takes whole seconds from 1 to 3600, not ${JSON.stringify(value)}`)
}

/** `1 finding`, `2 findings`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`
}
