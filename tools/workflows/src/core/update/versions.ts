import type { UpdatedDependency } from './metadata.ts'

/** How far a dependency moves; `unknown` where that is not said, or where what is said contradicts itself. */
export type Step = 'patch' | 'minor' | 'major' | 'unknown'

const SAID: ReadonlyMap<string, Step> = new Map([
  ['version-update:semver-patch', 'patch'],
  ['version-update:semver-minor', 'minor'],
  ['version-update:semver-major', 'major'],
])

/**
 * How far a dependency moves. Dependabot's word is held against the versions, where it gives them: 0.0.1 → 0.0.2 is a
 * patch to it, and a breaking change to Cargo and npm.
 */
export function stepOf({ updateType, from, to }: UpdatedDependency): Step {
  const said = SAID.get(updateType) ?? 'unknown'
  if (said !== 'patch' || (from === '' && to === '')) return said
  const [before, after] = [numbersOf(from), numbersOf(to)]
  if (before === undefined || after === undefined) return 'unknown'
  if (before.major !== after.major || before.minor !== after.minor) return 'unknown'
  return (before.major === 0 && before.minor === 0) || after.patch < before.patch ? 'unknown' : 'patch'
}

/** The step of a whole pull request: the longest of its dependencies, and `unknown` as soon as one of them is. */
export function longest(steps: readonly Step[]): Step {
  return LONGEST_FIRST.find((step) => steps.includes(step)) ?? 'unknown'
}

const LONGEST_FIRST: readonly Step[] = ['major', 'unknown', 'minor', 'patch']

interface Numbers {
  readonly major: number
  readonly minor: number
  readonly patch: number
}

function numbersOf(version: string): Numbers | undefined {
  const [, major, minor, patch = '0'] = /^v?(\d{1,9})\.(\d{1,9})(?:\.(\d{1,9}))?(?![\d])/u.exec(version) ?? []
  return major === undefined || minor === undefined
    ? undefined
    : { major: Number(major), minor: Number(minor), patch: Number(patch) }
}
