import { alignedRows } from '@interlock/kit'
import type { AttackResult } from './attack.ts'

export interface Verdict {
  readonly text: string
  /** Whether the ordinary cache was poisoned, and ours was not although the poison lay in it. */
  readonly holds: boolean
}

export const ORDINARY = 'a cache with two tokens'
export const OURS = 'the cache of Interlock'

const POISON = 'POISONED'

export function verdict(results: readonly AttackResult[]): Verdict {
  const rows = results.map(({ cache, attacker, again, shipped, poisoned, answeredByCache }) => [
    cache,
    attacker,
    again === POISON ? 'yes' : 'no',
    answeredByCache ? 'from the cache' : 'built',
    JSON.stringify(shipped),
    poisoned ? 'POISONED' : 'safe',
  ])
  const header = ['cache', 'pull request from', 'poison stored', 'last build of main', 'main ships', '']
  return { text: alignedRows([header, ...rows]).join('\n'), holds: holds(results) }
}

/** A defence that was never attacked proves nothing: the poison has to be where the attack puts it. */
function holds(results: readonly AttackResult[]): boolean {
  const of = (cache: string, attacker: AttackResult['attacker']): AttackResult | undefined =>
    results.find((result) => result.cache === cache && result.attacker === attacker)
  const shown = of(ORDINARY, 'same-repository')
  const withstood = of(OURS, 'same-repository')
  return (
    shown?.poisoned === true &&
    shown.answeredByCache &&
    withstood?.again === POISON &&
    results.every(({ cache, pullRequest, poisoned }) => cache === ORDINARY || (pullRequest === POISON && !poisoned)) &&
    of(OURS, 'fork') !== undefined
  )
}
