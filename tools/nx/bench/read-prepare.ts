// Writes the workspace that read-once.ts reads: node … read-prepare.ts <directory> <projects per language>
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { readWorkspace } from './read-workspace.ts'

const [root = '', size = ''] = process.argv.slice(2)
for (const [path, text] of Object.entries(readWorkspace(Number(size)))) {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
}
