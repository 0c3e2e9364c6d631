import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { isAlive } from '@interlock/kit/system'
import type { NxResult, NxWorkspace } from './nx-workspace.ts'

/** Whether Nx is asked with and without its daemon. */
export const DAEMON: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  ['off', { NX_DAEMON: 'false' }],
  ['on', { NX_DAEMON: 'true' }],
]

/** The text of a manifest. */
export function crate(name: string, rest = ''): string {
  return `[package]\nname = "${name}"\nversion = "0.1.0"\nedition = "2024"\n${rest}`
}

/** A lock of crates of the workspace alone, each with what it needs. */
export function cargoLock(members: Readonly<Record<string, readonly string[]>>): string {
  const entries = Object.entries(members).map(([name, needs]) => {
    const list = needs.length === 0 ? '' : `dependencies = [\n${needs.map((need) => ` "${need}",\n`).join('')}]\n`
    return `\n[[package]]\nname = "${name}"\nversion = "0.1.0"\n${list}`
  })
  return `version = 4\n${entries.join('')}`
}

/** The names that `nx show projects --json` printed. */
export function projectNames({ output }: NxResult): string[] {
  return (JSON.parse(output.slice(output.lastIndexOf('['))) as string[]).sort()
}

/** The process id of the daemon that serves the workspace; `undefined` when none runs. */
export function daemonOf(workspace: NxWorkspace): number | undefined {
  const file = '.nx/workspace-data/d/server-process.json'
  if (!existsSync(join(workspace.root, file))) return undefined
  const { processId } = JSON.parse(workspace.read(file)) as { processId: number }
  return isAlive(processId) ? processId : undefined
}
