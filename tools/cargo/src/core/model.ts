import type { ProjectEdge, TomlTable } from '@interlock/kit'

export type DependencyKind = ProjectEdge['kind']

/** One entry of a dependency table, as written. */
export interface Dependency {
  /** The key of the entry: the name that the code uses. */
  readonly key: string
  /** The package's own name (`package =`); `undefined` when it is inherited. */
  readonly name: string
  readonly kind: DependencyKind
  /** Relative to the manifest's directory, or to the workspace's root when inherited. */
  readonly path: string | undefined
  readonly inherited: boolean
  /** The version asked for; `undefined` when none is named. */
  readonly requirement: string | undefined
}

/** A binary that the manifest names itself. */
export interface DeclaredBinary {
  readonly name: string | undefined
  readonly path: string | undefined
  readonly gated: boolean
}

export interface PackageSection {
  readonly name: string
  readonly version: string | undefined
  readonly edition: string | undefined
  readonly resolver: string | undefined
  /** `package.workspace`: where the root of the workspace is. */
  readonly pointer: string | undefined
  /** Keys of `[workspace.package]` that the package inherits. */
  readonly inherits: readonly string[]
  readonly inheritsLints: boolean
  readonly binaries: readonly DeclaredBinary[]
  readonly autobins: boolean
  readonly hasBench: boolean
  /** Whether there is a `[lib]` table. */
  readonly declaresLibrary: boolean
  readonly procMacro: boolean
  /** `readme`, `license-file` and `include`: files and globs relative to the manifest. */
  readonly files: readonly string[]
  /** Paths of targets and build scripts: code, whose modules lie beside it. */
  readonly sources: readonly string[]
  readonly allowNoTests: boolean
  /** Percent of the lines that `coverage` must see run. */
  readonly minimumCoverage: number | undefined
  readonly tags: readonly string[]
  /** Features to use instead of all of them. */
  readonly features: readonly string[] | undefined
  /** Set when an image is to be built of a binary. */
  readonly image: ImageSection | undefined
}

/** `[package.metadata.interlock.image]`: what the manifest cannot say elsewhere. */
export interface ImageSection {
  /** The binary, where the package has several. */
  readonly binary: string | undefined
  /** What it is started with when nothing else is said. */
  readonly arguments: readonly string[]
  /** TCP ports that it listens on. */
  readonly ports: readonly number[]
  /** How the image is tried; `undefined` when it is not. */
  readonly try: ImageTry | undefined
}

export interface ImageTry {
  readonly arguments: readonly string[]
  /** What the server is asked for, e.g. `/healthz`. */
  readonly path: string
}

export interface WorkspaceSection {
  readonly members: readonly string[]
  readonly exclude: readonly string[]
  readonly resolver: string | undefined
  /** `[workspace.dependencies]` as written. */
  readonly dependencies: ReadonlyMap<string, Dependency>
  readonly package: TomlTable
}

/** What one Cargo.toml says, whatever its place. */
export interface Manifest {
  readonly package: PackageSection | undefined
  readonly workspace: WorkspaceSection | undefined
  readonly dependencies: readonly Dependency[]
  /** Paths of `[patch]` and `[replace]` entries, relative to the manifest. */
  readonly patchPaths: readonly string[]
  readonly table: TomlTable
}

/** A package of the repository. */
export interface Crate {
  readonly root: string
  readonly file: string
  readonly manifest: Manifest
  readonly package: PackageSection
  readonly version: string
  readonly workspace: Workspace
  /** Its dependencies with inherited entries filled in; `directory` is set where a path leads to a crate of the repository. */
  readonly dependencies: readonly ResolvedDependency[]
}

export interface ResolvedDependency extends Dependency {
  /** Directory of the path dependency; `undefined` without a path and when the path leaves the repository. */
  readonly directory: string | undefined
}

/** A Cargo workspace, or a crate that stands alone. */
export interface Workspace {
  readonly root: string
  readonly file: string
  readonly manifest: Manifest
  /** The lock file, when it is in the repository. */
  readonly lockFile: string | undefined
  /** Directories of the members, sorted. */
  readonly members: readonly string[]
}
