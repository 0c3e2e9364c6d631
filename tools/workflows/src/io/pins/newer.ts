import { actionName } from '../../core/model/action-name.ts'
import { metadataProblems } from '../../core/pins/check.ts'
import { noAction, replacementProblems } from '../../core/pins/compare.ts'
import type { Entry } from '../../core/pins/entries.ts'
import { pathsOf } from '../../core/pins/paths.ts'
import { ageOf, type Candidate, candidatesOf } from '../../core/pins/update.ts'
import type { Use } from '../../core/pins/uses.ts'
import { versionOf } from '../../core/pins/versions.ts'
import { tagMessage } from './check-online.ts'
import type { Release, Remote } from './remote.ts'

/** A newer version that has been out long enough. */
export interface Proposal {
  readonly repository: string
  readonly from: string
  readonly to: string
  readonly sha: string
  /** The day that its tag and commit claim. */
  readonly claimed: string
  readonly newMajor: boolean
  /** Why a person has to look at it first. Nothing where it can be taken as it is. */
  readonly problems: readonly string[]
}

/** What there is beyond the version of one entry. */
export type NewerResult =
  | {
      readonly kind: 'checked'
      readonly proposals: readonly Proposal[]
      /** Newer versions that are passed over, with the reason. */
      readonly passedOver: readonly string[]
    }
  /** The pinned version itself is not what it was: nothing that its repository offers is proposed. */
  | { readonly kind: 'finding'; readonly message: string }
  | { readonly kind: 'not-checked'; readonly reason: string }

export interface Question {
  readonly entry: Entry
  readonly uses: readonly Use[]
  readonly now: Date
}

/** So many are looked at, from the newest on: a repository with more releases in a week is not one to follow blindly. */
const MOST_TRIES = 10

/** The newest version of the same major number, and the newest one beyond, each out for long enough. */
export async function newerThan(remote: Remote, question: Question): Promise<NewerResult> {
  const { entry } = question
  const current = versionOf(entry.version)
  if (current === undefined) return { kind: 'not-checked', reason: `${entry.version} is no version that can be compared` }
  const tags = await remote.tags()
  if (tags.kind === 'no-answer') return { kind: 'not-checked', reason: tags.reason }
  const moved = tagMessage(entry, tags.value)
  if (moved !== undefined) return { kind: 'finding', message: moved }
  const proposals: Proposal[] = []
  const passedOver: string[] = []
  const { sameMajor, newMajor } = candidatesOf(current, tags.value)
  for (const candidates of [sameMajor, newMajor]) {
    const first = await firstOldEnough(remote, candidates, question)
    if (first.kind === 'not-checked') return first
    passedOver.push(...first.passedOver)
    if (first.proposal !== undefined) proposals.push({ ...first.proposal, newMajor: candidates === newMajor })
  }
  return { kind: 'checked', proposals, passedOver }
}

type Found =
  | { readonly kind: 'not-checked'; readonly reason: string }
  | { readonly kind: 'found'; readonly proposal?: Omit<Proposal, 'newMajor'>; readonly passedOver: readonly string[] }

async function firstOldEnough(remote: Remote, candidates: readonly Candidate[], question: Question): Promise<Found> {
  const { entry, uses, now } = question
  const paths = pathsOf(entry, uses)
  const passedOver: string[] = []
  for (const { version, sha } of candidates.slice(0, MOST_TRIES)) {
    const release = await remote.release(version.tag, sha, paths)
    if (release.kind === 'no-answer') return { kind: 'not-checked', reason: `${version.tag}: ${release.reason}` }
    const age = ageOf(release.value.claimed.getTime(), now.getTime())
    if (age.kind === 'old-enough') {
      const claimed = release.value.claimed.toISOString().slice(0, 10)
      const problems = paths.flatMap((path, index) =>
        problemsOf(question, { path, version: version.tag }, release.value.metadata[index]),
      )
      return {
        kind: 'found',
        proposal: { repository: entry.repository, from: entry.version, to: version.tag, sha, claimed, problems },
        passedOver,
      }
    }
    passedOver.push(
      age.kind === 'in-future'
        ? `${entry.repository} ${version.tag} claims a day that has not come yet`
        : `${entry.repository} ${version.tag} has been out for ${age.days} days`,
    )
  }
  return candidates.length > MOST_TRIES
    ? { kind: 'not-checked', reason: `the newest ${MOST_TRIES} of ${candidates.length} newer versions are too young` }
    : { kind: 'found', passedOver }
}

function problemsOf(
  { entry }: Question,
  { path, version }: { readonly path: string | undefined; readonly version: string },
  found: Release['metadata'][number],
): string[] {
  const action = entry.actions.find((one) => one.path === path)
  if (action !== undefined) return replacementProblems(action, found, version)
  const name = actionName({ repository: entry.repository, ...(path === undefined ? {} : { path }) })
  return found === undefined ? [noAction(name, version)] : metadataProblems(name, found)
}
