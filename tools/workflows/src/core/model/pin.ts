/** 40 hexadecimal digits. */
export type Sha = string & { readonly __sha: never }

/** `v1.2.3`: never a number, and never a range. */
export type Version = `v${string}` & { readonly __version: never }

/** A third-party action at one commit. */
export interface Pin {
  /** `actions/checkout` */
  readonly repository: string
  /** What the commit was tagged with. */
  readonly version: Version
  readonly sha: Sha
  readonly runtime: 'node24' | 'composite'
  /** The day on which the commit was compared with the tag, and by what. */
  readonly reviewed: string
}

/** An action that reads what an earlier run has stored. */
export interface CachePin extends Pin {
  readonly caches: true
}

export type PlainPin = Pin & { readonly caches?: never }
