/** A released version: three numbers, and nothing that says "not yet". */
export interface Version {
  /** `v1.2.3`, as the tag is called. */
  readonly tag: string
  readonly numbers: readonly [number, number, number]
}

/** The version of a tag; `undefined` for pre-releases, moving tags such as `v4`, and anything else. */
export function versionOf(tag: string): Version | undefined {
  const [, major, minor, patch] = /^v?(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})$/u.exec(tag) ?? []
  if (major === undefined) return undefined
  return { tag, numbers: [Number(major), Number(minor), Number(patch)] }
}

/** Negative when `left` is the older one. */
export function compareVersions({ numbers: left }: Version, { numbers: right }: Version): number {
  return left[0] - right[0] || left[1] - right[1] || left[2] - right[2]
}
