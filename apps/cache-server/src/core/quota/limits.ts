import type { ScopeClass } from '../entry.ts'

/** How the room of a store is divided. Shares are parts of the quota, from 0 to 1. */
export interface QuotaLimits {
  /** Bytes of all artifacts; infinite where nobody set a bound and the medium has none. */
  readonly maxBytes: number
  /** Above the first share, rows are evicted until the second is reached. */
  readonly highWater: number
  readonly lowWater: number
  readonly classes: Readonly<Record<ScopeClass, ClassLimits>>
  /** Bytes and files of the medium that stay free for others. */
  readonly spare: { readonly bytes: number; readonly files: number }
}

export interface ClassLimits {
  /** So much of the class is never evicted for another one. */
  readonly reserve: number
  /** All of the class takes at most so much. */
  readonly share: number
  /** One scope of the class takes at most so much. */
  readonly scopeShare: number
  /** Milliseconds without use after which a row goes. */
  readonly idle: number
}

const DAY = 24 * 60 * 60 * 1000

/**
 * A pull request can take a tenth, all of them three tenths. The trusted scopes have three quarters for themselves: what they
 * hold is never evicted for anybody else, since it is within their reserve, and never more than that, so that a main branch
 * that fills the store leaves room for the others.
 */
export const DEFAULT_CLASSES: Readonly<Record<ScopeClass, ClassLimits>> = {
  trusted: { reserve: 0.75, share: 0.75, scopeShare: 0.75, idle: 30 * DAY },
  branch: { reserve: 0, share: 0.3, scopeShare: 0.1, idle: 14 * DAY },
  queue: { reserve: 0, share: 0.2, scopeShare: 0.1, idle: 3 * DAY },
  pr: { reserve: 0, share: 0.3, scopeShare: 0.1, idle: 7 * DAY },
}

export const SCOPE_CLASSES: readonly ScopeClass[] = ['branch', 'pr', 'queue', 'trusted']

const DISK_SHARE = 0.8
const SPARE_SHARE = 0.05
const SPARE_FILES = 64

/** What the medium says about itself; `undefined` where nobody can know. */
interface Medium {
  readonly totalBytes: number
}

/** The limits of a store: of a configured number of bytes, at most four fifths of the medium. */
export function quotaLimits(maxBytes: number | undefined, medium: Medium | undefined): QuotaLimits {
  const most = medium === undefined ? Infinity : Math.floor(medium.totalBytes * DISK_SHARE)
  return {
    maxBytes: Math.min(maxBytes ?? Infinity, most),
    highWater: 0.9,
    lowWater: 0.8,
    classes: DEFAULT_CLASSES,
    spare:
      medium === undefined ? { bytes: 0, files: 0 } : { bytes: Math.floor(medium.totalBytes * SPARE_SHARE), files: SPARE_FILES },
  }
}

/** So many rows fill a quota, however small what they name is: each takes memory of the server, some two kilobytes. */
const MOST_ROWS = 1_000_000

/** What an artifact counts for. */
export function chargeOf({ maxBytes }: QuotaLimits, size: number): number {
  return Number.isFinite(maxBytes) ? Math.max(size, Math.ceil(maxBytes / MOST_ROWS)) : size
}

/** A part of the quota in bytes; nothing of an infinite one is nothing. */
export function bytesOf({ maxBytes }: QuotaLimits, share: number): number {
  return share === 0 ? 0 : share * maxBytes
}

/** What is wrong with limits, in words; empty when nothing is. */
export function limitProblems({ maxBytes, highWater, lowWater, classes }: QuotaLimits): readonly string[] {
  const all = SCOPE_CLASSES.map((name) => ({ name, ...classes[name] }))
  const reserved = all.reduce((sum, { reserve }) => sum + reserve, 0)
  return [
    ...(maxBytes > 0 ? [] : ['the quota is not above 0']),
    ...(lowWater > 0 && lowWater < highWater && highWater <= 1 ? [] : ['the low water is not below the high water']),
    // Otherwise nothing could be evicted although there is too much.
    ...(reserved <= lowWater ? [] : [`the reserves of all classes, ${reserved}, are more than the low water, ${lowWater}`]),
    ...all
      .filter(
        ({ reserve, share, scopeShare }) =>
          !(reserve >= 0 && reserve <= share && share <= 1 && scopeShare > 0 && scopeShare <= share),
      )
      .map(({ name }) => `the shares of ${name} do not hold 0 <= reserve <= share <= 1 and 0 < scopeShare <= share`),
    ...all.filter(({ idle }) => !(idle > 0)).map(({ name }) => `the time of ${name} is not above 0`),
  ]
}
