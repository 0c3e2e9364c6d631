import { isPatchGroup, isSecurityGroup } from '../pipeline/dependabot.ts'
import type { Somebody, UpdateFacts } from './facts.ts'
import { isKnownEcosystem, isManifest, isOfGithub } from './manifests.ts'
import type { UpdatedDependency } from './metadata.ts'
import { shown, shownList } from './shown.ts'
import { type Step, stepOf } from './versions.ts'

/** Every reason for a person to look. */
export function doubtsAbout(facts: UpdateFacts): string[] {
  const { pull, metadata, tests } = facts
  return [
    ...(pull.draft ? ['it is a draft'] : []),
    ...(metadata.known ? metadata.dependencies.flatMap((each) => doubtsOf(each, pull.base.ref)) : [metadata.reason]),
    ...commitDoubts(facts),
    ...fileDoubts(facts),
    ...(tests === undefined ? ['it is not known which tests of the plan are for it'] : []),
    ...(tests === 0 ? ['the plan has no test for it'] : []),
  ]
}

function doubtsOf(dependency: UpdatedDependency, branch: string): string[] {
  const { name, from, to, ecosystem, group, targetBranch, newMaintainers } = dependency
  const step = stepOf(dependency)
  const path = from === '' && to === '' ? '' : ` (${shown(from)} to ${shown(to)})`
  const words: Readonly<Record<Step, string | undefined>> = {
    patch: undefined,
    minor: `${shown(name)} moves by a minor version${path}`,
    major: `${shown(name)} moves by a major version${path}`,
    unknown: `${shown(name)} is not known to move by a compatible patch version${path}`,
  }
  return [
    ...(words[step] === undefined ? [] : [words[step]]),
    ...(isKnownEcosystem(ecosystem) ? [] : [`${shown(name)} is of the ecosystem ${shown(ecosystem)}, whose files are not known`]),
    // Security updates are not in a group for versions, so that this tells the two apart.
    ...(isPatchGroup(group) || isSecurityGroup(group)
      ? []
      : [`${shown(name)} is in no group of patch versions: it may be a security update`]),
    ...(targetBranch === branch ? [] : [`${shown(name)} is for the branch ${shown(targetBranch)}, not for ${shown(branch)}`]),
    ...(newMaintainers ? [`${shown(name)} may have new maintainers`] : []),
  ]
}

/**
 * GitHub signs what Dependabot commits, as `web-flow`. The name of an author alone proves nothing: anybody can write
 * Dependabot's address into a commit, and sign it as the committer.
 */
function commitDoubts({ pull, commits }: UpdateFacts): string[] {
  const foreign = commits.filter(
    ({ author, committer, commit }) =>
      !(isDependabot(author) && committer?.login === 'web-flow' && commit.verification?.verified === true),
  )
  const complete = commits.length === pull.commits && commits.at(-1)?.sha === pull.head.sha
  return [
    ...foreign.map(({ sha }) => `the commit ${shown(sha.slice(0, 12))} is not proved to be Dependabot's`),
    ...(complete ? [] : [`GitHub lists ${commits.length} of ${pull.commits} commits, or not up to the head`]),
  ]
}

function fileDoubts({ pull, files, metadata }: UpdateFacts): string[] {
  const ecosystems = metadata.known ? metadata.dependencies.map(({ ecosystem }) => ecosystem) : []
  const paths = files.flatMap((file) => [
    file.filename,
    ...(file.previous_filename === undefined ? [] : [file.previous_filename]),
  ])
  const github = paths.filter(isOfGithub)
  const other = paths.filter((path) => !isOfGithub(path) && !ecosystems.some((ecosystem) => isManifest(ecosystem, path)))
  const moved = files.filter(({ status }) => status !== 'modified').map(({ filename }) => filename)
  const complete = files.length === pull.changed_files && files.length > 0
  return [
    ...named(github, 'it changes what runs on GitHub'),
    ...named(other, 'it changes more than manifests and locks'),
    ...named(moved, 'it adds, removes or renames files'),
    ...(complete ? [] : [`GitHub lists ${files.length} of ${pull.changed_files} files`]),
  ]
}

function named(paths: readonly string[], what: string): string[] {
  return paths.length === 0 ? [] : [`${what}: ${shownList(paths)}`]
}

/** Nobody can register a name with brackets. */
export function isDependabot(account: Somebody): boolean {
  return account?.login === 'dependabot[bot]' && account.type === 'Bot'
}
