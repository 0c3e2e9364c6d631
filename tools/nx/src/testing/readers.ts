import type { LockedSlice, ProjectEdge, ReaderProject, ReaderResult, TargetPlan } from '@interlock/kit'

/** A hand-made project of a reader, for tests of what stands on the readers. */
export function readerProject(root: string, given: Partial<ReaderProject> = {}): ReaderProject {
  const ecosystem = given.ecosystem ?? 'cargo'
  const manifest = ecosystem === 'cargo' ? 'Cargo.toml' : 'pyproject.toml'
  return {
    ecosystem,
    root,
    name: root === '.' ? 'root' : (root.split('/').at(-1) ?? root),
    manifest: root === '.' ? manifest : `${root}/${manifest}`,
    kind: 'library',
    tags: [ecosystem === 'cargo' ? 'lang:rust' : 'lang:python', 'type:library'],
    dependencies: [],
    externals: [],
    lock: lockedSlice(ecosystem, ['one 1.0.0']),
    targets: { test: targetPlan() },
    outside: [],
    ...given,
  }
}

export function lockedSlice(ecosystem: 'cargo' | 'python', packages: readonly string[]): LockedSlice {
  return ecosystem === 'cargo'
    ? { file: 'Cargo.lock', rootManifest: 'Cargo.toml', packages, manifestLines: [], complete: true }
    : { file: 'uv.lock', rootManifest: 'pyproject.toml', packages, manifestLines: [], complete: true }
}

export function edge(root: string, given: Partial<ProjectEdge> = {}): ProjectEdge {
  return { root, ecosystem: 'cargo', kind: 'normal', ...given }
}

export function targetPlan(given: Partial<TargetPlan> = {}): TargetPlan {
  return {
    description: 'Runs the tests.',
    command: ['cargo', 'test', '-p', 'a'],
    cwd: '.',
    env: {},
    tests: undefined,
    reads: 'dependencies',
    outputs: [],
    cache: true,
    dependsOn: [],
    ...given,
  }
}

export function readerResult(ecosystem: 'cargo' | 'python', projects: readonly ReaderProject[]): ReaderResult {
  const ownFiles =
    ecosystem === 'cargo'
      ? ['**/Cargo.toml', '**/Cargo.lock', '**/.cargo/**', 'rust-toolchain.toml', 'clippy.toml']
      : ['**/pyproject.toml', '**/uv.lock', '.python-version']
  return { ecosystem, projects, externals: [], ownFiles }
}
