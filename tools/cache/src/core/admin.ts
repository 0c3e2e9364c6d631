import { InterlockError } from '@interlock/kit'

/** Names of options that choose entries, as the cache calls them too. */
const CRITERIA = ['scope', 'run', 'commit', 'actor', 'digest', 'hash', 'tool', 'from', 'to'] as const

/** One entry as the administrative answers list it. */
interface ListedEntry {
  readonly tool: string
  readonly scope: string
  readonly hash: string
  readonly size: number
}

/** What `POST /v1/admin/…` answers. */
export interface AdminAnswer {
  readonly dryRun: boolean
  readonly matched: number
  readonly bytes: number
  readonly changed: number
  readonly entries: readonly ListedEntry[]
}

/**
 * The part of a request that chooses entries.
 *
 * @throws InterlockError `USAGE` where nothing is chosen, or everything and something: nothing is lost by a word that was forgotten.
 */
export function selectionOf(options: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const chosen = Object.fromEntries(
    CRITERIA.flatMap((name) => (typeof options[name] === 'string' ? [[name, options[name]]] : [])),
  )
  const isEverything = options['everything'] === true
  if (Object.keys(chosen).length === 0 && !isEverything)
    throw new InterlockError('USAGE', 'nothing is chosen', { hint: 'name a criterion such as --run or --scope, or --everything' })
  if (isEverything && Object.keys(chosen).length > 0)
    throw new InterlockError('USAGE', '--everything leaves nothing to choose', { hint: 'leave it out, or the other criteria' })
  return isEverything ? { everything: true } : chosen
}

/** Reads the answer; `undefined` where it is another document. */
export function readAdminAnswer(text: string): AdminAnswer | undefined {
  try {
    const { dryRun, matched, bytes, changed, entries } = JSON.parse(text) as Partial<AdminAnswer>
    const isAnswer =
      typeof dryRun === 'boolean' && [matched, bytes, changed].every(Number.isSafeInteger) && Array.isArray(entries)
    return isAnswer ? ({ dryRun, matched, bytes, changed, entries: entries.filter(isEntry) } as AdminAnswer) : undefined
  } catch {
    return undefined
  }
}

/** What a terminal is shown comes from another machine: names hold no control characters. */
function isEntry(value: unknown): value is ListedEntry {
  const { tool, scope, hash, size } = (value ?? {}) as Partial<ListedEntry>
  return [tool, scope, hash].every((name) => typeof name === 'string' && !/\p{Cc}/u.test(name)) && Number.isSafeInteger(size)
}
