import type { CacheReport, EndedContext, HookContext } from '@interlock/cache/hook'
import { configText } from '@interlock/kit'

/** The two halves of `@interlock/cache/hook`. */
type Hook = typeof import('@interlock/cache/hook')

let hook: Promise<Hook> | undefined

/**
 * Puts the shield of the cache before a run, and takes the tokens of the cache away from its tasks; what it returns is to be
 * warned of. A workspace without a cache and without such a token loads nothing.
 */
export async function startCache(context: HookContext): Promise<readonly string[]> {
  if (!mayHaveCache(context.workspaceRoot, process.env)) return []
  hook ??= import('@interlock/cache/hook')
  try {
    return await (await hook).beforeTasks(context)
  } catch (error) {
    hook = undefined
    return [`the cache is not used in this run: ${error instanceof Error ? error.message : String(error)}`]
  }
}

/** What the cache did in a run that ended; `undefined` where none was started. */
export async function endCache(context: EndedContext): Promise<CacheReport | undefined> {
  return (await hook)?.afterTasks(context)
}

/** Variables that the hook has to do with, also where there is no section: each is an address, or a token that no task needs. */
const VARIABLES = [
  'INTERLOCK_CACHE_URL',
  'INTERLOCK_CACHE_LISTENER',
  'INTERLOCK_CACHE_TOKEN',
  'INTERLOCK_CACHE_ID_TOKEN',
  'INTERLOCK_CACHE_ADMIN_TOKEN',
]

/** Errs on the side of looking closer: a file that does not hold the word has no such section. */
function mayHaveCache(root: string, env: Readonly<Record<string, string | undefined>>): boolean {
  if (VARIABLES.some((name) => (env[name] ?? '') !== '')) return true
  try {
    return configText(root)?.includes('cache') === true
  } catch {
    return true
  }
}
