/** What `rustc -vV` says about the LLVM whose profiles its programs write. */
export interface RustLlvm {
  readonly host: string
  /** Only tools of the same major version are sure to read the profiles. */
  readonly major: string
}

export function rustLlvm(verbose: string): RustLlvm | undefined {
  const host = /^host: (\S+)$/m.exec(verbose)?.[1]
  const major = /^LLVM version: (\d+)/m.exec(verbose)?.[1]
  return host === undefined || major === undefined ? undefined : { host, major }
}

/** The major version that `llvm-cov --version` or `llvm-profdata --version` states, under any vendor's name. */
export function llvmMajor(said: string): string | undefined {
  return /\bLLVM version (\d+)/.exec(said)?.[1]
}

/** Names that the two tools have on PATH, the most certain first: Debian and its kin add the version. */
export function llvmToolNames(major: string): readonly (readonly [coverage: string, profiles: string])[] {
  return [`-${major}`, ''].map((suffix) => [`llvm-cov${suffix}`, `llvm-profdata${suffix}`] as const)
}
