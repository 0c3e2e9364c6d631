import type { Outcome } from './loopback.ts'

/** What became of the requests of one run, counted where Nx asks: nothing of it is lost with the shield. */
export interface Tally {
  readonly hits: number
  /** Of artifacts that were found. */
  readonly bytes: number
  /** What the writers of found artifacts measured, and how many of them did. */
  readonly savedMs: number
  readonly savedKnown: number
  readonly misses: number
  readonly notAsked: number
  readonly accepted: number
  readonly faults: Readonly<Record<string, number>>
  readonly denied: string | undefined
  readonly dropped: Readonly<Record<string, number>>
}

export const NOTHING: Tally = {
  hits: 0,
  bytes: 0,
  savedMs: 0,
  savedKnown: 0,
  misses: 0,
  notAsked: 0,
  accepted: 0,
  faults: {},
  denied: undefined,
  dropped: {},
}

export interface Told {
  readonly outcome: Outcome
  readonly reason?: string | undefined
  readonly bytes?: number
  readonly durationMs?: number | undefined
}

/** The tally with one more request. */
export function tallied(tally: Tally, { outcome, reason = 'unknown', bytes = 0, durationMs }: Told): Tally {
  switch (outcome) {
    case 'hit':
      return {
        ...tally,
        hits: tally.hits + 1,
        bytes: tally.bytes + bytes,
        savedMs: tally.savedMs + (durationMs ?? 0),
        savedKnown: tally.savedKnown + (durationMs === undefined ? 0 : 1),
      }
    case 'miss':
      return { ...tally, misses: tally.misses + 1 }
    case 'not asked':
      return { ...tally, notAsked: tally.notAsked + 1 }
    case 'accepted':
      return { ...tally, accepted: tally.accepted + 1 }
    case 'denied':
      return { ...tally, denied: reason }
    case 'fault':
      return { ...tally, faults: plusOne(tally.faults, reason) }
    case 'dropped':
    default:
      return { ...tally, dropped: plusOne(tally.dropped, reason) }
  }
}

function plusOne(counts: Readonly<Record<string, number>>, key: string): Readonly<Record<string, number>> {
  return { ...counts, [key]: (counts[key] ?? 0) + 1 }
}
