import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'

const SOURCES = join(import.meta.dirname, '..', '..', '..', 'cargo', 'fixtures', 'image-server')

/** Compiles a server of one answer into `dist/server` of a workspace. */
export function compileServer(workspace: string): void {
  const folder = join(workspace, 'dist', 'server')
  mkdirSync(folder, { recursive: true })
  execFileSync('cc', ['-o', join(folder, 'server'), 'server.c', 'greeting.c', '-ldl'], { cwd: SOURCES, stdio: 'inherit' })
}
