import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { InterlockError } from '@interlock/kit'
import type { LoadSections, Verb } from '../core/verb.ts'

const SCOPE = '@interlock'
const SOURCE_CONDITION = '@interlock/source'

/** Where the verbs of one installed package come from. */
interface VerbPackage {
  readonly name: string
  readonly entry: string
}

/** What the installed packages offer. */
export interface Offers {
  /** Sorted by name. */
  readonly verbs: readonly Verb[]
  readonly sections: readonly LoadSections[]
}

/**
 * The verbs of every installed `@interlock/*` package that has a `./cli` export, and its sections of interlock.yaml.
 *
 * @throws InterlockError `VERBS_UNREADABLE` when a package cannot be loaded, or two of them offer the same verb.
 */
export async function loadOffers(root: string, fromSource: boolean): Promise<Offers> {
  const owners = new Map<string, string>()
  const verbs: Verb[] = []
  const sections: LoadSections[] = []
  for (const found of verbPackages(root, fromSource)) {
    const offered = await offersOf(found)
    if (offered.sections !== undefined) sections.push(offered.sections)
    for (const verb of offered.verbs) {
      const owner = owners.get(verb.name)
      if (owner !== undefined) {
        throw new InterlockError('VERBS_UNREADABLE', `${owner} and ${found.name} both offer the verb "${verb.name}"`, {
          hint: 'install versions of the two packages that belong together',
        })
      }
      owners.set(verb.name, found.name)
      verbs.push(verb)
    }
  }
  return { verbs: verbs.sort((a, b) => (a.name < b.name ? -1 : 1)), sections }
}

/** npm, pnpm and yarn's node-modules layout all place what the workspace names itself in its own node_modules. */
function verbPackages(root: string, fromSource: boolean): VerbPackage[] {
  const folder = join(root, 'node_modules', SCOPE)
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .sort()
    .flatMap((base) => {
      const manifest = join(folder, base, 'package.json')
      if (!existsSync(manifest)) return []
      const entry = cliEntry(readManifest(manifest), fromSource)
      return entry === undefined ? [] : [{ name: `${SCOPE}/${base}`, entry: join(folder, base, entry) }]
    })
}

interface Manifest {
  readonly exports?: Readonly<Record<string, string | Readonly<Record<string, string>>>>
}

function readManifest(path: string): Manifest {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Manifest
  } catch (cause) {
    throw new InterlockError('VERBS_UNREADABLE', `${path} cannot be read: ${reasonOf(cause)}`, {
      hint: 'install the packages of this workspace again',
      cause,
    })
  }
}

function cliEntry(manifest: Manifest, fromSource: boolean): string | undefined {
  const target = manifest.exports?.['./cli']
  if (target === undefined || typeof target === 'string') return target
  return (fromSource ? target[SOURCE_CONDITION] : undefined) ?? target['default']
}

async function offersOf(found: VerbPackage): Promise<{ readonly verbs: readonly Verb[]; readonly sections?: LoadSections }> {
  try {
    const { verbs, sections } = (await import(pathToFileURL(found.entry).href)) as {
      readonly verbs?: readonly Verb[]
      readonly sections?: LoadSections
    }
    if (Array.isArray(verbs)) return { verbs, ...(sections === undefined ? {} : { sections }) }
  } catch (cause) {
    if (cause instanceof InterlockError) throw cause
    throw new InterlockError('VERBS_UNREADABLE', `the verbs of ${found.name} cannot be loaded: ${reasonOf(cause)}`, {
      hint: 'install the packages of this workspace again',
      cause,
    })
  }
  throw new InterlockError('VERBS_UNREADABLE', `the "./cli" export of ${found.name} has no list "verbs"`, {
    hint: 'install versions of the @interlock packages that belong together',
  })
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}
