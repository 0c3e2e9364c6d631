import { byText, type Ecosystem, InterlockError, type ReaderProject } from '@interlock/kit'

const SUFFIX: Readonly<Record<Ecosystem, string>> = { cargo: '-rust', python: '-python' }

/** Where another project is itself called that, as a crate `polars-python` is beside `polars` in both languages. */
const LONG_SUFFIX: Readonly<Record<Ecosystem, string>> = { cargo: '-rust-crate', python: '-python-package' }

/** A project name is part of task identifiers, output folders and commands. */
const SAFE_NAME = /^[A-Za-z0-9_@][A-Za-z0-9_@./-]*$/

interface Claim {
  readonly root: string
  readonly name: string
  readonly manifest: string
  /** `undefined` for a name that a package.json or project.json fixes. */
  readonly ecosystem: Ecosystem | undefined
}

/**
 * The name of every project by its root. A package.json or project.json fixes a name; else it is the manifest's own, and
 * the Cargo package's where both languages share the directory. Where two directories claim one name, the Rust one gets
 * `-rust` and the Python one `-python`, or a longer suffix where that is a third project's name. Python projects that have
 * nothing to do with each other but share a name (test data, examples) each add their directory, as Cargo's do.
 */
export function projectNames(
  projects: readonly ReaderProject[],
  fixed: readonly { readonly root: string; readonly name: string | undefined; readonly manifest: string }[],
): ReadonlyMap<string, string> {
  const claims = new Map<string, Claim>()
  for (const { root, name, manifest } of fixed) {
    if (name !== undefined) claims.set(root, { root, name, manifest, ecosystem: undefined })
  }
  for (const project of [...projects].sort((left, right) => byText(left.ecosystem, right.ecosystem))) {
    const { root, name, manifest, ecosystem } = project
    if (!claims.has(root)) claims.set(root, { root, name, manifest, ecosystem })
  }
  for (const { root, manifest } of fixed) {
    const name = root.split('/').at(-1)?.toLowerCase() ?? root
    if (!claims.has(root)) claims.set(root, { root, name, manifest, ecosystem: undefined })
  }
  const qualified = qualifyTwins([...claims.values()])
  const claimed = groupBy(qualified, (claim) => claim.name)
  const named = qualified.map(({ name, ecosystem, ...claim }) => {
    if (ecosystem === undefined || claimed.get(name)?.length === 1) return { ...claim, name, ecosystem }
    const suffixed = `${name}${SUFFIX[ecosystem]}`
    return { ...claim, ecosystem, name: claimed.has(suffixed) ? `${name}${LONG_SUFFIX[ecosystem]}` : suffixed }
  })
  for (const claim of named) expectSafe(claim)
  for (const same of groupBy(named, (claim) => claim.name).values()) expectAlone(same)
  return new Map(named.map((claim) => [claim.root, claim.name]))
}

function qualifyTwins(claims: readonly Claim[]): Claim[] {
  const twins = groupBy(claims, ({ name, ecosystem }) => `${ecosystem ?? ''} ${name}`)
  return claims.map((claim) => {
    const { root, name, ecosystem } = claim
    const isAlone = ecosystem !== 'python' || twins.get(`${ecosystem} ${name}`)?.length === 1
    return isAlone || root === '.' ? claim : { ...claim, name: `${name}-${root.replaceAll(/[^A-Za-z0-9_-]+/g, '-')}` }
  })
}

function expectSafe(claim: Claim): void {
  if (claim.ecosystem === undefined || SAFE_NAME.test(claim.name)) return
  throw new InterlockError('GRAPH_NAME_UNSAFE', `${JSON.stringify(claim.name)} cannot be the name of a project`, {
    file: claim.manifest,
    hint: 'use letters, digits, `-`, `_` and `.`, or give the project another name in a project.json',
  })
}

function expectAlone(claims: readonly Claim[]): void {
  const [first, second] = [...claims].sort((left, right) => byText(left.manifest, right.manifest))
  if (first === undefined || second === undefined) return
  throw new InterlockError('GRAPH_NAME_DUPLICATE', `${first.name} is also the name of ${second.manifest}`, {
    file: first.manifest,
    hint: `rename one of them, give one a name in a project.json, or leave its directory out by "exclude" of @interlock/nx/plugin in nx.json`,
  })
}

export function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const group = groups.get(keyOf(item))
    if (group === undefined) groups.set(keyOf(item), [item])
    else group.push(item)
  }
  return groups
}
