/**
 * What a reader of one ecosystem (Cargo, Python) tells the plugin that composes the task graph.
 *
 * All paths are workspace-relative with forward slashes; the workspace root is `.`. Everything is plain data: the
 * same files and options give the same result, byte for byte.
 */

export type Ecosystem = 'cargo' | 'python'

/** The files that a reader may look at. `read` throws `InterlockError` when the file has gone or is not UTF-8 text. */
export interface WorkspaceFiles {
  /** Every configuration file that Nx lists (ignored files are absent), sorted. */
  readonly paths: readonly string[]
  /** Text of a listed file, without a byte order mark. */
  readonly read: (path: string) => string
  /** Hex SHA-256 of the listed file's bytes: the key of every cache. */
  readonly digest: (path: string) => string
}

export interface ReaderResult {
  readonly ecosystem: Ecosystem
  readonly projects: readonly ReaderProject[]
  readonly externals: readonly ExternalPackage[]
  /** Globs of files that no other ecosystem's tools read, e.g. `** /Cargo.toml`: projects of other languages leave them out. */
  readonly ownFiles: readonly string[]
}

export interface ReaderProject {
  readonly ecosystem: Ecosystem
  /** Directory of the manifest. */
  readonly root: string
  /** The manifest's own name (`package.name`, `project.name`), not yet made unique across ecosystems. */
  readonly name: string
  /** The manifest file, e.g. `libs/he/Cargo.toml`. */
  readonly manifest: string
  readonly kind: 'library' | 'application'
  /** `lang:*`, `type:*` and whatever the manifest adds. Sorted. */
  readonly tags: readonly string[]
  readonly dependencies: readonly ProjectEdge[]
  /** Keys of the external packages that the manifest names itself. Sorted. */
  readonly externals: readonly string[]
  readonly lock: LockedSlice | undefined
  readonly targets: Readonly<Record<string, TargetPlan>>
  /** Files and globs outside `root` that the manifest says are read (`package.include`, `readme`, `manifest-path`). */
  readonly outside: readonly string[]
}

/** An edge to another project of the workspace, named by the directory and ecosystem of its manifest. */
export interface ProjectEdge {
  readonly root: string
  readonly ecosystem: Ecosystem
  readonly kind: 'normal' | 'build' | 'dev'
}

/** The part of a lock file and of the workspace's root manifest that one project can reach. */
export interface LockedSlice {
  /** The lock file, e.g. `Cargo.lock`. */
  readonly file: string
  /**
   * The workspace's root manifest when part of it is attributed to the project through `manifestLines`. `undefined` when
   * the project has no such file or when that file lies inside the project's own directory.
   */
  readonly rootManifest: string | undefined
  /** One canonical line per reachable locked package: name, version, checksum, features or markers. Sorted, unique. */
  readonly packages: readonly string[]
  /** One canonical line per attributed part of the root manifest. Sorted, unique. */
  readonly manifestLines: readonly string[]
  /** Whether the lock knows every package that the project and what it reaches ask for. */
  readonly complete: boolean
}

export interface ExternalPackage {
  /** `cargo:serde@1.0.219`, `python:httpx@0.28.1` */
  readonly key: string
  readonly name: string
  readonly version: string
  readonly checksum: string | undefined
  /** Keys of the packages that it needs. Sorted. */
  readonly dependencies: readonly string[]
}

/** One inferred target before the plugin adds its inputs. */
export interface TargetPlan {
  readonly description: string
  /**
   * The command that a person would type, word by word; the first word is the program. Run in `cwd`, without a shell where
   * a word needs it. In words, outputs and reports `{projectName}` is the project's name, and `{language}` a suffix where
   * another language shares the directory. Empty where `executor` is set.
   */
  readonly command: readonly string[]
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  /** Set on targets that run tests: names the parser that counts them. A run of zero tests fails unless `allowNoTests`. */
  readonly tests: TestPlan | undefined
  /** `project`: only the project's own files decide the result (formatting). `dependencies`: also those of the projects it depends on. */
  readonly reads: 'project' | 'dependencies'
  /** Nx output patterns, e.g. `{workspaceRoot}/dist/{projectName}`. Never a shared `target/`. */
  readonly outputs: readonly string[]
  readonly cache: boolean
  /** Targets that run before, in Nx's notation: `build` of the same project, `^build` of its dependencies. */
  readonly dependsOn: readonly string[]
  /** Set when the command leaves its result in a shared folder, from where the plugin's executor copies it to `outputs`. */
  readonly artifacts?: BuildArtifacts | undefined
  /** Set when no command does the work: an executor of the plugin does. */
  readonly executor?: ExecutorPlan | undefined
}

/** Work of an executor of the plugin. In texts `{projectName}` is the project's name. */
export interface ExecutorPlan {
  readonly name: 'cargo-image' | 'cargo-image-try'
  readonly options: Readonly<Record<string, string | readonly string[] | readonly number[]>>
}

/** How a target that runs tests is judged. */
export interface TestPlan {
  readonly runner: 'cargo' | 'nextest' | 'pytest'
  readonly allowNoTests: boolean
  /** A file that the run must write, relative to the workspace: without it the run has not done what it was asked for. */
  readonly report?: string | undefined
  /** The target, by its given name, that runs the same tests and measures them: this target's configuration `coverage`. */
  readonly measuredBy?: string | undefined
  /** Set where the command needs LLVM's tools of rustc's own version, which are looked for when it runs. */
  readonly llvmTools?: boolean | undefined
  /** Percent of the lines that the tests must run, where the command measures them and does not judge. */
  readonly minimumCoverage?: number | undefined
}

/**
 * Binaries of one Cargo package. The executor adds `--message-format=json-render-diagnostics` to the command, takes the
 * `executable` of every `compiler-artifact` message and copies it to `dist/{projectName}`. A name of which no message comes
 * is a failure.
 */
export interface BuildArtifacts {
  readonly kind: 'cargo-binaries'
  /** File names without suffix. Sorted. */
  readonly names: readonly string[]
}

/** How a reader is told to shape targets; comes from the plugin's options in nx.json, already normalised. */
export interface ReaderOptions {
  /** Canonical target name → name to use, or `false` to leave the target out. */
  readonly targets: Readonly<Record<string, string | false>>
  readonly cargoTestRunner: 'cargo' | 'nextest'
  /** Python versions of the `test-py…` targets, e.g. `3.9`. Always strings. */
  readonly pythonVersions: readonly string[]
  /** Project names or roots whose empty test run is allowed, besides what their manifests say. */
  readonly allowNoTests: readonly string[]
}

/** A pure reader: files and options in, projects out; throws `InterlockError` that names file, line and reason. */
export type Reader = (files: WorkspaceFiles, options: ReaderOptions) => ReaderResult
