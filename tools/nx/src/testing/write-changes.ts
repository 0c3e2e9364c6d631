import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Tree } from '@nx/devkit'

/** Writes what a generator changed in a tree to a folder, as Nx does after a generator. */
export function writeChanges(tree: Tree, folder: string): void {
  for (const { path, type, content } of tree.listChanges()) {
    if (type === 'DELETE' || content === null) continue
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), content)
  }
}
