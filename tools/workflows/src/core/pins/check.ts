import { actionName } from '../model/action-name.ts'
import { type Pin, SHA_PATTERN } from '../model/pin.ts'
import type { Entry } from './entries.ts'
import type { NotChecked, PinFinding } from './finding.ts'
import { referenceOf } from './reference.ts'
import type { Use } from './uses.ts'
import { compareVersions, versionOf } from './versions.ts'

/** Where the entries are written: for messages about them. */
export interface Places {
  /** The place in interlock.yaml or in the catalogue. */
  readonly ofEntry: (entry: Entry) => { readonly file: string; readonly line?: number }
  /** Whether the catalogue belongs to this workspace: only then is an action that nothing uses its business. */
  readonly ownsCatalogue: boolean
}

/** Findings about every `uses` and every entry that can be had without a network. */
export function checkPins(uses: readonly Use[], entries: readonly Entry[], places: Places): PinFinding[] {
  const used = new Set<string>()
  const ofUses = uses.flatMap((use) => {
    const reference = referenceOf(use.text)
    if (reference.kind === 'local') return []
    if (reference.kind === 'action') used.add(nameOf(reference).toLowerCase())
    const message = messageAbout(use, entries)
    return message === undefined ? [] : [{ file: use.file, line: use.line, message }]
  })
  return [...ofUses, ...entries.flatMap((entry) => messagesAboutEntry(entry, used, places).map(at(places.ofEntry(entry))))]
}

/** What is not known of the entries without a network. */
export function unknownOffline(entries: readonly Entry[]): NotChecked[] {
  const replaced = entries.filter(({ source }) => source === 'workspace')
  return [
    { what: 'whether each tag still points at its commit', reason: 'that needs the network: --online' },
    ...replaced.map(({ repository, version }) => ({
      what: `what ${repository} ${version} runs on, and what it uses itself`,
      reason: 'the catalogue has not seen this version: --online reads it',
    })),
  ]
}

function messageAbout({ text, comment }: Use, entries: readonly Entry[]): string | undefined {
  const reference = referenceOf(text)
  if (reference.kind === 'image') return `${text} is a container image, and no pinned action`
  if (reference.kind !== 'action')
    return `${JSON.stringify(text)} names no action: it takes owner/name@commit, or a path below the root`
  const entry = entries.find(({ repository }) => same(repository, reference.repository))
  const name = nameOf(reference)
  const pinned = SHA_PATTERN.test(reference.ref)
  if (entry === undefined || !offers(entry, reference.path)) {
    return `${name} is not in the catalogue${pinned ? '' : `, and ${JSON.stringify(reference.ref)} is no commit`}`
  }
  const wanted = `${entry.sha} # ${entry.version}`
  if (!pinned) return `${name} is used at ${JSON.stringify(reference.ref)}, which can move: use ${wanted}`
  if (reference.ref !== entry.sha) return `${name} is used at another commit than ${wanted}`
  if (comment?.split(/\s/u)[0] === entry.version) return undefined
  return comment === undefined
    ? `${name} has no version behind its commit: write # ${entry.version}`
    : `${name} has the comment ${JSON.stringify(comment)} and is ${entry.version}`
}

/** A repository that only interlock.yaml names is taken with all of its actions: nobody listed them. */
function offers({ actions, source }: Entry, path: string | undefined): boolean {
  return source === 'workspace' || actions.some((action) => action.path === path)
}

function messagesAboutEntry(entry: Entry, used: ReadonlySet<string>, { ownsCatalogue }: Places): string[] {
  const { repository, version, catalogueVersion, source, actions } = entry
  if (source === 'workspace') {
    const isUsed = [...used].some((name) => name === repository.toLowerCase() || name.startsWith(`${repository.toLowerCase()}/`))
    return [
      ...(isUsed ? [] : [`nothing uses ${repository}: remove it`]),
      ...(caughtUp(version, catalogueVersion)
        ? [`the catalogue has ${repository} ${catalogueVersion} itself: remove it here`]
        : []),
    ]
  }
  const unused = ownsCatalogue ? actions.map(actionName).filter((name) => !used.has(name.toLowerCase())) : []
  return [...unused.map((name) => `nothing uses ${name}: remove it`), ...catalogueProblems(actions)]
}

/** What was newer than the catalogue once, and is not any more, would hold an action back without a word. */
function caughtUp(version: string, catalogueVersion: string | undefined): catalogueVersion is string {
  const [own, theirs] = [versionOf(version), versionOf(catalogueVersion ?? '')]
  return own !== undefined && theirs !== undefined && compareVersions(own, theirs) <= 0
}

/** What is wrong with the catalogue's own words about the actions of one repository. */
function catalogueProblems(actions: readonly Pin[]): string[] {
  const [first] = actions
  return actions.flatMap((action) => {
    const name = actionName(action)
    return [
      ...(SHA_PATTERN.test(action.sha) ? [] : [`${name} is at ${JSON.stringify(action.sha)}, which is no commit`]),
      ...(action.sha === first?.sha && action.version === first.version
        ? []
        : [`${name} is at another version than its repository`]),
      ...metadataProblems(name, action),
    ]
  })
}

/** Whether an action may be used at all: how it runs, and what it uses itself. */
export function metadataProblems(
  name: string,
  { runtime, nested }: { readonly runtime: string; readonly nested: readonly string[] },
): string[] {
  const loose = nested.filter((text) => {
    const reference = referenceOf(text)
    return reference.kind !== 'action' || !SHA_PATTERN.test(reference.ref)
  })
  return [
    ...(RUNTIMES.includes(runtime) || runtime === 'workflow'
      ? []
      : [`${name} runs on ${JSON.stringify(runtime)}, and not on ${RUNTIMES.join(' or ')}`]),
    ...loose.map((text) => `${name} itself uses ${JSON.stringify(text)}, which is no commit`),
  ]
}

const RUNTIMES: readonly string[] = ['node24', 'composite']

function nameOf({ repository, path }: { readonly repository: string; readonly path: string | undefined }): string {
  return path === undefined ? repository : `${repository}/${path}`
}

function same(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase()
}

function at(place: { readonly file: string; readonly line?: number }): (message: string) => PinFinding {
  return (message) => ({ ...place, message })
}
