import { actionName } from '../../core/model/action-name.ts'
import { metadataProblems } from '../../core/pins/check.ts'
import { differences, noAction } from '../../core/pins/compare.ts'
import type { Entry } from '../../core/pins/entries.ts'
import { pathsOf } from '../../core/pins/paths.ts'
import type { Tags } from '../../core/pins/remote-tags.ts'
import type { Use } from '../../core/pins/uses.ts'
import type { Release, Remote } from './remote.ts'

/** What the network says of one entry: messages about it, or why there are none. */
export type OnlineResult =
  | { readonly kind: 'checked'; readonly messages: readonly string[] }
  | { readonly kind: 'not-checked'; readonly reason: string }

/** Whether the tag still points at the commit, and whether the action there is what the catalogue says. */
export async function checkOnline(remote: Remote, entry: Entry, uses: readonly Use[]): Promise<OnlineResult> {
  const tags = await remote.tags()
  if (tags.kind === 'no-answer') return { kind: 'not-checked', reason: tags.reason }
  const moved = tagMessage(entry, tags.value)
  if (moved !== undefined) return { kind: 'checked', messages: [moved] }
  const paths = pathsOf(entry, uses)
  const release = await remote.release(entry.version, entry.sha, paths)
  if (release.kind === 'no-answer') return { kind: 'not-checked', reason: release.reason }
  return { kind: 'checked', messages: paths.flatMap((path, index) => messagesAbout(entry, path, release.value.metadata[index])) }
}

/** What is wrong with the tag of an entry; `undefined` when it points at the commit. */
export function tagMessage({ repository, version, sha }: Entry, tags: Tags): string | undefined {
  const found = tags.get(version)
  if (found === sha) return undefined
  return found === undefined
    ? `${repository} has no tag ${version} any more`
    : `the tag ${version} of ${repository} points at ${found}, and not at ${sha}: it was moved`
}

function messagesAbout(entry: Entry, path: string | undefined, found: Release['metadata'][number]): string[] {
  const action = entry.actions.find((one) => one.path === path)
  if (action !== undefined && entry.source === 'catalogue') return differences(action, found)
  const name = actionName({ repository: entry.repository, ...(path === undefined ? {} : { path }) })
  return found === undefined ? [noAction(name, entry.version)] : metadataProblems(name, found)
}
