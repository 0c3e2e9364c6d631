import { posix } from 'node:path'
import type { CreateNodes, CreateNodesContext } from '@nx/devkit'
import type { JavaScriptProject, Target } from '../core/model.ts'

/** Targets that Nx's own plugins infer, by project directory. */
export type InferredTargets = ReadonlyMap<string, Readonly<Record<string, Target>>>

interface Source {
  readonly name: string
  readonly load: () => Promise<{ readonly createNodes: CreateNodes<never> }>
  readonly file: RegExp
  readonly options: unknown
}

const SOURCES: readonly Source[] = [
  {
    name: '@nx/js',
    load: async () => import('@nx/js/typescript'),
    file: /^tsconfig(\..+)?\.json$/,
    options: { typecheck: { targetName: 'typecheck' }, build: { targetName: 'build', configName: 'tsconfig.lib.json' } },
  },
  {
    name: '@nx/vitest',
    load: async () => import('@nx/vitest'),
    file: /^vite(st)?\.config\.[cm]?[jt]s$/,
    options: { testTargetName: 'test', testMode: 'run' },
  },
]

/**
 * Runs the inference of `@nx/js` and `@nx/vitest` in this worker: a plugin of its own each would be a process of its own.
 * They are optional; a workspace without them has no TypeScript targets.
 */
export async function inferTargets(
  paths: readonly string[],
  packages: readonly JavaScriptProject[],
  context: CreateNodesContext,
): Promise<InferredTargets> {
  const roots = new Set(
    packages.filter((project) => project.kind === 'package' && project.root !== '.').map((project) => project.root),
  )
  const inferred = new Map<string, Record<string, Target>>()
  for (const source of SOURCES) {
    const files = paths.filter((path) => source.file.test(posix.basename(path)) && roots.has(posix.dirname(path)))
    const plugin = files.length === 0 ? undefined : await loadOptional(source)
    if (plugin === undefined) continue
    const [, infer] = plugin.createNodes
    for (const [, result] of await infer(files, source.options as never, context)) {
      for (const [root, project] of Object.entries(result.projects ?? {})) {
        inferred.set(root, { ...inferred.get(root), ...(project.targets as Record<string, Target> | undefined) })
      }
    }
  }
  return inferred
}

async function loadOptional(source: Source): Promise<{ readonly createNodes: CreateNodes<never> } | undefined> {
  try {
    return await source.load()
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    const missing = code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND'
    if (missing && message.includes(`'${source.name}'`)) return undefined
    throw error
  }
}
