import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Absolute path of this clone. */
export const ROOT: string = fileURLToPath(new URL('../../../../', import.meta.url))

/** Files that git tracks and that exist, workspace-relative. */
export const TRACKED: readonly string[] = execFileSync('git', ['ls-files', '-z'], {
  cwd: ROOT,
  encoding: 'utf8',
  maxBuffer: 1 << 26,
})
  .split('\0')
  .filter((path) => path !== '' && existsSync(join(ROOT, path)))

/** Folders of `tools/` that are packages. */
export const TOOLS: readonly string[] = readdirSync(join(ROOT, 'tools')).filter((name) =>
  existsSync(join(ROOT, 'tools', name, 'package.json')),
)

export function text(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8')
}

export function json(path: string): unknown {
  return JSON.parse(text(path))
}

/** An executor or generator as its package declares it. */
export interface Declared {
  readonly kind: 'executor' | 'generator'
  readonly tool: string
  readonly name: string
  /** Workspace-relative path of the implementation, of its folder and of its schema. */
  readonly implementation: string
  readonly folder: string
  readonly schema: string
  readonly description: string
}

/** Every executor and generator of every package of `tools/`. */
export function declaredVerbs(): Declared[] {
  return TOOLS.flatMap((tool) =>
    (['executor', 'generator'] as const).flatMap((kind) => {
      const file = `tools/${tool}/${kind}s.json`
      if (!existsSync(join(ROOT, file))) return []
      const entries = (json(file) as Record<string, Record<string, Record<string, string>>>)[`${kind}s`] ?? {}
      return Object.entries(entries).map(([name, entry]) => {
        const implementation = join('tools', tool, entry['implementation'] ?? entry['factory'] ?? '')
        const schema = join('tools', tool, entry['schema'] ?? '')
        return { description: entry['description'] ?? '', folder: join(schema, '..'), implementation, kind, name, schema, tool }
      })
    }),
  )
}
