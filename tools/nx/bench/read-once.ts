// What one process measures: node … read-once.ts <directory> <projects per language>. Prints CPU milliseconds per step and reader as JSON.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { readCargo } from '@interlock/cargo'
import type { Reader, ReaderOptions } from '@interlock/kit'
import { readPython } from '@interlock/python'
import { workspaceFilesOnDisk } from '../src/io/workspace-files.ts'
import { readWorkspace } from './read-workspace.ts'

const [root = '', size = ''] = process.argv.slice(2)
const texts = readWorkspace(Number(size))
const paths = Object.keys(texts).sort()
const options: ReaderOptions = { targets: {}, cargoTestRunner: 'cargo', pythonVersions: ['3.9', '3.12'], allowNoTests: [] }

const SETTLE_MS = 400
const rows: Record<string, Record<string, number>> = {}
const changed = new Set<string>()
await setTimeout(SETTLE_MS)
await measure('cold')
await measure('warm')
append('crates/crate-3/Cargo.toml', '# edited\n')
append('libs/p7/pyproject.toml', '[tool.x]\ny = 1\n')
await measure('after two manifest edits')
write('Cargo.lock', (texts['Cargo.lock'] ?? '').replace('"1.0.4"', '"1.0.8"'))
write('uv.lock', (texts['uv.lock'] ?? '').replace('"1.0.7"', '"1.0.8"'))
await measure('after two lock edits')
for (const path of changed) write(path, texts[path] ?? '')
console.log(JSON.stringify(rows))

/** One look at the workspace: the readers share its files, as they do in the plugin. */
async function measure(name: string): Promise<void> {
  const files = workspaceFilesOnDisk(root, paths)
  const cpu: Record<string, number> = {}
  cpu['files'] = await cpuOf(() => paths.map((path) => files.digest(path)))
  cpu['cargo'] = await cpuOf(() => read(readCargo))
  cpu['python'] = await cpuOf(() => read(readPython))
  rows[name] = cpu

  function read(reader: Reader): void {
    const found = reader(files, options).projects.length
    if (found !== Number(size)) throw new Error(`${found} projects instead of ${size}`)
  }
}

/** Waits until V8 has compiled what became hot, which it does beside: each step bears its own compilation. */
async function cpuOf(run: () => unknown): Promise<number> {
  const before = process.cpuUsage()
  run()
  await setTimeout(SETTLE_MS)
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

function append(path: string, text: string): void {
  write(path, `${texts[path]}${text}`)
}

function write(path: string, text: string): void {
  changed.add(path)
  writeFileSync(join(root, path), text)
}
