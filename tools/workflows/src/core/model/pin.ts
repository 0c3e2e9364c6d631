/** A commit of an action, in full. */
export const SHA_PATTERN: RegExp = /^[0-9a-f]{40}$/u

/** 40 hexadecimal digits. */
export type Sha = string & { readonly __sha: never }

/** A whole version as a tag says it: never a number, and never a range. */
export type Version = string & { readonly __version: never }

/** The names of the inputs that an action declares. */
export interface ActionInputs {
  /** Required, and without a default. */
  readonly required: readonly string[]
  readonly optional: readonly string[]
}

/** A third-party action at one commit. */
export interface Pin {
  /** `actions/checkout` */
  readonly repository: string
  /** `init`: the folder of the action below the repository; the repository itself when absent. */
  readonly path?: string
  /** `v7.0.1`: what the commit was tagged with. */
  readonly version: Version
  readonly sha: Sha
  readonly runtime: 'node24' | 'composite'
  /** `actions/upload-artifact@<commit>`: what a composite action uses itself. */
  readonly nested: readonly string[]
  readonly inputs: ActionInputs
  /** The day on which the commit was compared with the tag, and by what. */
  readonly reviewed: string
}

/** An action that reads what an earlier run has stored. */
export interface CachePin extends Pin {
  readonly caches: true
}

export type PlainPin = Pin & { readonly caches?: never }
