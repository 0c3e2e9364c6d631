/** The tags of a repository: name → the commit, also where the tag is an object of its own. */
export type Tags = ReadonlyMap<string, string>

/** Reads what `git ls-remote --tags` prints. A line of another form is no tag. */
export function tagsOf(listing: string): Tags {
  const tags = new Map<string, string>()
  const peeled = new Map<string, string>()
  for (const line of listing.split('\n')) {
    const [, sha, name, suffix] = /^([0-9a-f]{40})\trefs\/tags\/(.+?)(\^\{\})?$/u.exec(line) ?? []
    if (sha === undefined || name === undefined) continue
    if (suffix === undefined) tags.set(name, sha)
    else peeled.set(name, sha)
  }
  return new Map([...tags, ...peeled])
}
