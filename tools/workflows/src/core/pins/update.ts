import type { Tags } from './remote-tags.ts'
import { compareVersions, type Version, versionOf } from './versions.ts'

/** A week: what is wrong with a release is mostly found in it. */
export const COOLDOWN_DAYS = 7

const DAY_MS = 24 * 60 * 60 * 1000

/** A newer version, at the commit that its tag names. */
export interface Candidate {
  readonly version: Version
  readonly sha: string
}

/** Newer versions, the newest first: those that keep the major number, and those that do not. */
export interface Candidates {
  readonly sameMajor: readonly Candidate[]
  readonly newMajor: readonly Candidate[]
}

/** The released versions among the tags that are newer than `current`. */
export function candidatesOf(current: Version, tags: Tags): Candidates {
  const newer = [...tags]
    .flatMap(([tag, sha]) => {
      const version = versionOf(tag)
      const isNewer = version !== undefined && compareVersions(version, current) > 0
      // `1.2.3` beside `v1.2.3` would be a second release of the same numbers.
      return isNewer && tag.startsWith('v') === current.tag.startsWith('v') ? [{ version, sha }] : []
    })
    .sort((left, right) => compareVersions(right.version, left.version))
  const keepsMajor = ({ version }: Candidate): boolean => version.numbers[0] === current.numbers[0]
  return { sameMajor: newer.filter(keepsMajor), newMajor: newer.filter((candidate) => !keepsMajor(candidate)) }
}

/** Whether a version has been out long enough, by the newest date that its tag or commit claims. */
export type Age =
  | { readonly kind: 'old-enough' }
  | { readonly kind: 'too-young'; readonly days: number }
  | { readonly kind: 'in-future' }

/** Both times in milliseconds since 1970. */
export function ageOf(claimedMs: number, nowMs: number): Age {
  const ms = nowMs - claimedMs
  if (Number.isNaN(ms) || ms < -DAY_MS) return { kind: 'in-future' }
  const days = Math.floor(Math.max(0, ms) / DAY_MS)
  return ms >= COOLDOWN_DAYS * DAY_MS ? { kind: 'old-enough' } : { kind: 'too-young', days }
}
