/** The build tools that the cache speaks to; each has hashes of its own, so one never answers for another. */
export type Tool = 'nx' | 'sccache' | 'turbo'

/** Where an artifact is filed. */
export interface EntryKey {
  readonly workspace: string
  readonly tool: Tool
  /** `trusted/<name>`, `queue/<name>`, `branch/<name>` or `pr/<name>`, each name encoded by `scopeOf`. */
  readonly scope: string
  readonly hash: string
}

/** Who wrote an entry, from signed claims only. Absent claims are absent. */
export interface Writer {
  readonly issuer: string
  /** The id of the run or pipeline. */
  readonly run?: string
  readonly job?: string
  /** The numeric id of who started it. */
  readonly actor?: string
  readonly commit?: string
}

/** One row of the index. The index is the truth: bytes without a row are garbage, a row without bytes is dropped. */
export interface Entry extends EntryKey {
  /** Hex SHA-256 of the stored bytes. */
  readonly digest: string
  /** Bytes. */
  readonly size: number
  /** Hex SHA-256 over path, mode and bytes of what is inside, without times; absent where it is no tar.gz. */
  readonly content?: string
  /** Milliseconds since the epoch. */
  readonly created: number
  readonly writer: Writer
  readonly state: 'live' | 'quarantined'
  /** Base64url Ed25519 signature, made when the entry was published. */
  readonly signature?: string
  /** What a tool wants back with the artifact, such as Turborepo's tag: header names and values. */
  readonly headers?: Readonly<Record<string, string>>
}

/** The class that a scope belongs to: what quotas and metrics speak of. */
export type ScopeClass = 'branch' | 'pr' | 'queue' | 'trusted'
