import type { Ecosystem, ExternalPackage, ReaderResult } from '@interlock/kit'
import type { CommittedClosures } from './closures.ts'

/** The languages whose targets the plugin shapes. */
export type Language = Ecosystem | 'javascript'

/** The part of Nx's input notation that the plugin uses. */
export type Input =
  | string
  | { readonly input: string; readonly projects: readonly string[] }
  | { readonly externalDependencies: readonly string[] }
  | { readonly json: string; readonly fields?: readonly string[]; readonly excludeFields?: readonly string[] }
  | { readonly runtime: string }
  | { readonly env: string }
  | { readonly dependentTasksOutputFiles: string; readonly transitive?: boolean }

/** A target as Nx wants it, in plain data. */
export interface Target {
  readonly executor: string
  readonly options?: Readonly<Record<string, unknown>>
  readonly configurations?: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  readonly inputs?: readonly Input[]
  readonly outputs?: readonly string[]
  readonly cache?: boolean
  readonly dependsOn?: readonly string[]
  readonly metadata?: Readonly<Record<string, unknown>>
  /** `project`: only the project's own files decide the result. Not Nx's; taken away when the inputs are written. */
  readonly reads?: 'project'
}

/** A project that stands in a package.json or project.json, as far as the composition needs it. */
export interface JavaScriptProject {
  /** `package`: a package of the npm workspace. `configured`: a project.json without one. */
  readonly kind: 'package' | 'configured'
  readonly root: string
  /** `undefined` where another manifest of the directory names the project. */
  readonly name: string | undefined
  /** The file that makes it a project. */
  readonly manifest: string
  /** Names in `dependencies`, `devDependencies`, `peerDependencies` and `optionalDependencies`. */
  readonly dependencies: readonly string[]
  /** `implicitDependencies` as written: names, globs, `!` exclusions. */
  readonly implicitDependencies: readonly string[]
  /** Whether its configuration takes files of other projects by their names. */
  readonly namesProjects: boolean
  /** Targets that Nx's own plugins infer, before their inputs are widened. */
  readonly targets: Readonly<Record<string, Target>>
  readonly tags: readonly string[]
}

/** What the composition knows about the workspace besides manifests and locks. */
export interface WorkspaceFacts {
  readonly javascript: readonly JavaScriptProject[]
  /** Directories directly below which projects lie, and no file of a folder that is none. */
  readonly projectParents: ReadonlySet<string>
  /** Directories of projects whose targets may take files of others by their names. */
  readonly namingProjects: ReadonlySet<string>
  readonly closures: CommittedClosures
  /** npm packages that are nodes of Nx's graph; empty when there is no npm lock. */
  readonly npmPackages: ReadonlySet<string>
  /** npm packages that the root package.json names. Sorted. */
  readonly rootPackages: readonly string[]
  /** Whether Nx attributes the lock file of npm to projects. */
  readonly npmLock: string | undefined
  /** `namedInputs.default` of nx.json. */
  readonly defaultInput: readonly Input[] | undefined
  /** Globs outside projects that the workspace declares harmless (`graph.irrelevant` in interlock.yaml). */
  readonly irrelevant: readonly string[]
  /** Directories that hold their own toolchain choice, by language. */
  readonly toolchains: Readonly<Record<Ecosystem, readonly string[]>>
}

export interface ComposeInput {
  readonly results: readonly ReaderResult[]
  readonly facts: WorkspaceFacts
}

export interface ComposedProject {
  readonly root: string
  readonly name: string
  /** The configuration file that Nx is told the project comes from. */
  readonly manifest: string
  readonly projectType: 'library' | 'application' | undefined
  readonly tags: readonly string[]
  readonly namedInputs: Readonly<Record<string, readonly Input[]>>
  readonly targets: Readonly<Record<string, Target>>
}

export interface ComposedEdge {
  readonly source: string
  readonly target: string
  /** The manifest that names the dependency. */
  readonly file: string
}

export interface ComposedGraph {
  readonly projects: readonly ComposedProject[]
  /** Between project roots. Dependencies that would close a cycle are left out; they are inputs instead. */
  readonly edges: readonly ComposedEdge[]
  readonly externals: readonly ExternalPackage[]
  /** From a project's root to the key of an external package that its manifest names. */
  readonly externalEdges: readonly ComposedEdge[]
}
