import { hash } from 'node:crypto'
import { sortedUnique } from './order.ts'

/**
 * The digest of a slice as `closures.json` holds it: the first 32 hex digits of the SHA-256 of the sorted, unique lines,
 * each followed by a line feed.
 *
 * A line that itself contains a line feed would make two slices look alike and throws `RangeError`: whoever builds the
 * line quotes what it takes from a file.
 */
export function sliceDigest(lines: Iterable<string>): string {
  const sorted = sortedUnique(lines)
  const broken = sorted.find((line) => line.includes('\n'))
  if (broken !== undefined) throw new RangeError(`a slice line holds a line feed: ${JSON.stringify(broken)}`)
  return hash('sha256', sorted.length === 0 ? '' : `${sorted.join('\n')}\n`).slice(0, 32)
}

/**
 * A project's key in `closures.json`: its root with every character outside `[A-Za-z0-9_@/-]` written as `~` and the hex
 * of its UTF-8 bytes (`.` is `~2e`, so the root project is `~2e`).
 *
 * Two different roots never share a key, and no key has a dot: Nx reads `fields` as dotted paths and a dot would match
 * nothing, silently.
 */
export function closureKey(root: string): string {
  return root.replace(/[^A-Za-z0-9_@/-]/gu, (character) => `~${Buffer.from(character, 'utf8').toString('hex')}`)
}
