import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** The caller's environment without what would change a tool; `undefined` takes a variable away. */
export function cleanEnvironment(repository: string): Readonly<Record<string, string | undefined>> {
  const removed = Object.keys(process.env).filter((name) => /^(NX_|TURBO_|GIT_|NINJA_|CI$|VITEST|NODE_OPTIONS$)/.test(name))
  const uv = join(repository, '.tools', 'uv', 'bin')
  const path = existsSync(uv) ? `${uv}${delimiter}${process.env['PATH']}` : process.env['PATH']
  return { ...Object.fromEntries(removed.map((name) => [name, undefined])), PATH: path, UV_PYTHON_DOWNLOADS: 'never' }
}

/** The command that a task runs, by program: it does nothing here, every other use reaches the real program. */
const TASKS = { cargo: 'clippy', uv: 'run', npm: 'run' } as const

/** A PATH on which the programs of tasks do nothing. */
export function shimmedPath(folder: string, path: string): string {
  mkdirSync(folder, { recursive: true })
  for (const [program, task] of Object.entries(TASKS)) {
    const real = path.split(delimiter).find((entry) => existsSync(join(entry, program)))
    if (real === undefined) continue
    const file = join(folder, program)
    writeFileSync(file, `#!/bin/sh\n[ "$1" = ${task} ] && exit 0\nexec '${join(real, program)}' "$@"\n`)
    chmodSync(file, 0o755)
  }
  return `${folder}${delimiter}${path}`
}
