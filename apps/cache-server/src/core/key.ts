import type { EntryKey } from './entry.ts'

/** One text for a key, different for different keys whatever the parts hold. */
export function keyText({ workspace, tool, scope, hash }: EntryKey): string {
  return `${tool} ${workspace.length} ${scope.length} ${workspace}${scope}${hash}`
}

/** The key of something that has more fields. */
export function keyOf({ workspace, tool, scope, hash }: EntryKey): EntryKey {
  return { workspace, tool, scope, hash }
}
