import type { EntryKey } from '../../core/entry.ts'
import type { Store } from '../store.ts'

/** No claim and no policy can name this scope, so nothing is ever read from it or written to it but by a purge. */
const SCOPE = 'blocked/digests'

/** Where it is noted that a workspace takes certain bytes no more: a row, so that every replica of a store sees it. */
export function blockedKey(workspace: string, digest: string): EntryKey {
  return { workspace, tool: 'nx', scope: SCOPE, hash: digest }
}

export function isBlockKey({ scope }: EntryKey): boolean {
  return scope === SCOPE
}

export async function isBlocked(store: Store, workspace: string, digest: string): Promise<boolean> {
  return (await store.find(blockedKey(workspace, digest))) !== undefined
}

/** Refuses these bytes for good, under any name of the workspace. */
export async function block(
  store: Store,
  key: { readonly workspace: string; readonly digest: string; readonly now: number },
): Promise<void> {
  const staging = await store.stage(0)
  try {
    const { size, digest } = await staging.finish()
    await store.publish(staging, {
      ...blockedKey(key.workspace, key.digest),
      digest,
      size,
      created: key.now,
      writer: { issuer: 'interlock' },
      state: 'quarantined',
    })
  } finally {
    await staging.discard()
  }
}
