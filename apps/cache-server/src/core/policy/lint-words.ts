import { nearest } from '@interlock/kit'
import { claimNames } from './claims.ts'
import type { IssuerPlace } from './lint-issuer.ts'
import { wantedOf } from './lint-rule.ts'
import type { Flaw } from './lint.ts'
import { claimsOf, eventsOf } from './vocabulary.ts'

/** Claims and events that no token of the issuer has: rules about them never match, and nobody would notice. */
export function wordFindings({ issuer, path }: IssuerPlace): readonly Flaw[] {
  const pinned = Object.keys(issuer.pin).map((claim) => ({ claim, at: [...path, 'pin', claim] }))
  const matched = issuer.rules.flatMap((rule, index) =>
    Object.keys(rule.match).map((claim) => ({ claim, at: [...path, 'rules', index, 'match', claim] })),
  )
  const { event } = claimNames(issuer)
  const events = issuer.rules.flatMap((rule, index) =>
    (wantedOf(rule, event) ?? []).map((value) => ({ value, at: [...path, 'rules', index, 'match', event] })),
  )
  return [
    ...[...pinned, ...matched].flatMap(({ claim, at }) => {
      const why = `no token of ${issuer.kind} has a claim "${claim}"`
      return flawOf({ id: 'claim-unknown', word: claim, known: claimsOf(issuer.kind, claim), why, path: at })
    }),
    ...events.flatMap(({ value, at }) => {
      // A pattern has a finding of its own.
      if (!/^[\w-]+$/u.test(value)) return []
      const why = `no job of ${issuer.kind} is started by "${value}"`
      return flawOf({ id: 'event-unknown', word: value, known: eventsOf(issuer.kind), why, path: at })
    }),
  ]
}

interface Word extends Pick<Flaw, 'id' | 'path' | 'why'> {
  readonly word: string
  readonly known: readonly string[] | undefined
}

function flawOf({ word, known, ...about }: Word): readonly Flaw[] {
  if (known === undefined || known.includes(word)) return []
  return [{ ...about, instead: nearest(word, known) ?? `one of ${known.join(', ')}` }]
}
