import { posix } from 'node:path'
import { InterlockError, sortedRecord, sortedUnique, type ReaderOptions, type TargetPlan } from '@interlock/kit'
import { imageTargets } from './image/targets.ts'
import type { Crate } from './model.ts'
import { fileIn, resolvePath } from './paths.ts'

/** What a crate's targets depend on besides its manifest. */
export interface TargetContext {
  readonly options: ReaderOptions
  /** The package as Cargo's `-p` takes it without doubt: `name`, or `name@version` where the lock has others of that name. */
  readonly spec: string
  readonly binaries: readonly string[]
  /** Whether the package has a library, whose documentation may hold examples. */
  readonly library: boolean
  readonly project: string
}

const REPORTS = 'dist/{projectName}/coverage{language}'
const REPORT = `${REPORTS}/lcov.info`

/** The inferred targets of a crate under the names that the options give them. */
export function targetsOf(
  crate: Crate,
  { options, spec, binaries, library, project }: TargetContext,
): Record<string, TargetPlan> {
  const { package: section, workspace } = crate
  const features = featureWords(crate)
  const allowNoTests =
    section.allowNoTests || [project, section.name, crate.root].some((name) => options.allowNoTests.includes(name))
  const base = {
    cwd: workspace.root,
    env: {},
    tests: undefined,
    reads: 'dependencies',
    outputs: [],
    cache: true,
    dependsOn: [],
  } as const
  const report = `${toWorkspace(workspace.root)}${REPORT}`
  const nextest = options.cargoTestRunner === 'nextest'
  const { minimumCoverage } = section
  const measured = { report: REPORT, llvmTools: true, ...(minimumCoverage === undefined ? {} : { minimumCoverage }) }
  const plans: Record<string, TargetPlan | undefined> = {
    format: {
      ...base,
      description: 'Checks the formatting',
      command: ['cargo', 'fmt', '--check', '-p', section.name],
      reads: 'project',
    },
    lint: {
      ...base,
      description: 'Lints all targets; a warning is an error',
      command: ['cargo', 'clippy', '-p', spec, '--all-targets', ...features, '--', '-D', 'warnings'],
    },
    typecheck: {
      ...base,
      description: 'Type-checks all targets',
      command: ['cargo', 'check', '-p', spec, '--all-targets', ...features],
    },
    test: {
      ...base,
      description: nextest
        ? 'Runs the tests with nextest; `doctest` runs the examples'
        : 'Runs the tests and the examples of the documentation',
      command: nextest ? ['cargo', 'nextest', 'run', '-p', spec, ...features] : ['cargo', 'test', '-p', spec, ...features],
      tests: { runner: options.cargoTestRunner, allowNoTests },
      dependsOn: nextest && library ? ['doctest'] : [],
    },
    coverage: allowNoTests && minimumCoverage === undefined ? undefined : coverage(base),
    doctest: nextest && library ? doctest(base) : undefined,
    'api-docs': {
      ...base,
      description: 'Builds the API documentation',
      command: ['cargo', 'doc', '-p', spec, '--no-deps', ...features],
    },
    build: binaries.length === 0 ? undefined : build(base),
    ...imageTargets(crate, binaries, base),
    bench: section.hasBench
      ? { ...base, description: 'Runs the benchmarks', command: ['cargo', 'bench', '-p', spec, ...features], cache: false }
      : undefined,
  }
  return rename(plans, options)

  function coverage(common: typeof base): TargetPlan {
    return {
      ...common,
      description: 'Runs the tests but those of the documentation and writes their coverage as LCOV',
      command: ['cargo', 'llvm-cov', ...(nextest ? ['nextest'] : []), '-p', spec, ...features, '--lcov', '--output-path', report],
      tests: { ...measured, runner: options.cargoTestRunner, allowNoTests },
      outputs: [`{workspaceRoot}/${REPORTS}`],
    }
  }

  function doctest(common: typeof base): TargetPlan {
    return {
      ...common,
      description: 'Runs the examples of the documentation',
      command: ['cargo', 'test', '-p', spec, '--doc', ...features],
    }
  }

  function build(common: typeof base): TargetPlan {
    return {
      ...common,
      description: 'Builds the release binaries into dist/',
      command: ['cargo', 'build', '-p', spec, '--release'],
      // One by one: beside them lies the coverage report, and Nx empties an output before it restores it.
      outputs: binaries.flatMap((name) => ['', '.exe'].map((suffix) => `{workspaceRoot}/dist/{projectName}/${name}${suffix}`)),
      artifacts: { kind: 'cargo-binaries', names: binaries },
    }
  }
}

function toWorkspace(root: string): string {
  const up = posix.relative(root, '.')
  return up === '' ? '' : `${up}/`
}

function rename(plans: Readonly<Record<string, TargetPlan | undefined>>, { targets }: ReaderOptions): Record<string, TargetPlan> {
  const nameOf = (name: string): string | false => (Object.hasOwn(targets, name) ? (targets[name] ?? name) : name)
  const renamed = new Map<string, TargetPlan>()
  for (const canonical of Object.keys(plans)) {
    const plan = plans[canonical]
    const name = nameOf(canonical)
    if (plan === undefined || name === false) continue
    const dependsOn = plan.dependsOn.length === 0 ? plan.dependsOn : plan.dependsOn.map(nameOf).filter((other) => other !== false)
    renamed.set(name, { ...plan, dependsOn })
  }
  return sortedRecord(Object.fromEntries(renamed))
}

function featureWords({ package: { features }, file }: Crate): string[] {
  if (features === undefined) return ['--all-features']
  const unsafe = features.find((feature) => !/^[\w+./-]+$/.test(feature))
  if (unsafe !== undefined) {
    const message = `\`package.metadata.interlock.features\` names ${JSON.stringify(unsafe)}, which is no feature name`
    throw new InterlockError('GRAPH_NAME_UNSAFE', message, { file, hint: 'use letters, digits and `_+./-`' })
  }
  return features.length === 0 ? [] : ['--features', features.join(',')]
}

/** File names of the binaries that `cargo build` makes without features, declared and discovered. */
export function binariesOf({ root, package: section }: Crate, paths: ReadonlyMap<string, readonly string[]>): string[] {
  const found = section.autobins ? discovered(root, section.name, paths) : new Map<string, string>()
  for (const { name, path, gated } of section.binaries) {
    const same = [...found].find(([, file]) => path !== undefined && resolvePath('.', path) === file)?.[0]
    if (same !== undefined) found.delete(same)
    const own = name ?? same
    if (own === undefined) continue
    if (gated) found.delete(own)
    else found.set(own, path ?? '')
  }
  return sortedUnique(found.keys())
}

function discovered(root: string, name: string, paths: ReadonlyMap<string, readonly string[]>): Map<string, string> {
  const found = new Map<string, string>()
  for (const path of paths.get(root) ?? []) {
    const inside = root === '.' ? path : path.slice(root.length + 1)
    const match = /^src\/bin\/(?:([^/]+)\.rs|([^/]+)\/main\.rs)$/.exec(inside)
    const binary = inside === 'src/main.rs' ? name : (match?.[1] ?? match?.[2])
    if (binary !== undefined) found.set(binary, inside)
  }
  return found
}

/** The listed Rust files that may be the root of a binary, by crate. */
export function binarySources(paths: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>()
  for (const path of paths) {
    const match = /^(?:(.*)\/)?src\/(?:main\.rs|bin\/[^/]+\.rs|bin\/[^/]+\/main\.rs)$/.exec(path)
    if (match === null) continue
    const root = match[1] ?? '.'
    const list = found.get(root) ?? []
    list.push(fileIn(root, path.slice(root === '.' ? 0 : root.length + 1)))
    found.set(root, list)
  }
  return found
}
