import { cargoFileGlobs } from '@interlock/cargo'
import { byText, globMatcher, InterlockError } from '@interlock/kit'

/** Every file that the plugin may read. Which of them make a project, the readers decide. */
const CONFIG_FILES = [
  'rust-toolchain',
  'rust-toolchain.toml',
  'pyproject.toml',
  'setup.cfg',
  'setup.py',
  'uv.lock',
  'poetry.lock',
  'pdm.lock',
  'pylock.toml',
  'pylock.*.toml',
  'requirements*.{in,lock,txt}',
  '{.coveragerc,.mypy.ini,mypy.ini,pytest.ini,.pytest.ini,tox.ini,.ruff.toml,ruff.toml,.python-version}',
  'package.json',
  'project.json',
  'tsconfig*.json',
  '{vite,vitest}.config.{js,ts,mjs,mts,cjs,cts}',
]

const ROOT_FILES = [
  'closures.json',
  'interlock.yaml',
  '{package-lock.json,npm-shrinkwrap.json,pnpm-lock.yaml,pnpm-workspace.yaml,yarn.lock,bun.lock}',
  '.oxfmtrc.{json,jsonc}',
  '.oxlintrc.json',
]

const CONFIG_GLOBS: readonly string[] = [...cargoFileGlobs, ...CONFIG_FILES.map((name) => `**/${name}`), ...ROOT_FILES]

/** Sources are listed because they are there, not for what they say: their text is no part of the graph. */
export function isOnlyPresence(path: string): boolean {
  return path.endsWith('.rs')
}

/** The glob of the files that the plugin asks Nx for. */
export const CONFIG_GLOB: string = `{${CONFIG_GLOBS.join(',')}}`

/**
 * The glob that the plugin registers. Nx takes the deletion of any file that a plugin's glob matches for a reason to run
 * every task of the workspace, so this one matches the one file that every workspace keeps.
 */
export const REGISTERED_GLOB = 'nx.json'

/** How nx.json registers the plugin: files are left out by `include` and `exclude`, as Nx does for every plugin. */
export interface Registration {
  readonly options: unknown
  readonly include?: readonly string[] | undefined
  readonly exclude?: readonly string[] | undefined
}

export const PLUGIN_NAME = '@interlock/nx/plugin'

/**
 * The plugin's entry among `plugins` of a parsed nx.json, or `undefined` when it is not registered.
 *
 * @throws InterlockError `CONFIG_INVALID` when it is registered twice: there is one graph, and one list of files for it.
 */
export function registrationOf(nxJson: { readonly plugins?: readonly unknown[] | undefined }): Registration | undefined {
  const [first, second] = (nxJson.plugins ?? []).flatMap((entry): Registration[] => {
    if (entry === PLUGIN_NAME) return [{ options: undefined }]
    if (typeof entry !== 'object' || entry === null || !('plugin' in entry) || entry.plugin !== PLUGIN_NAME) return []
    const { options, include, exclude } = entry as Partial<Registration>
    return [{ options, include, exclude }]
  })
  if (second === undefined) return first
  throw new InterlockError('CONFIG_INVALID', `plugins: ${PLUGIN_NAME} is registered twice`, {
    file: 'nx.json',
    hint: 'join the two entries',
  })
}

/** The files among `paths` that are the plugin's to read, sorted. */
export function configFilesAmong(paths: readonly string[], registration: Registration | undefined): string[] {
  const isConfig = globMatcher(CONFIG_GLOBS)
  const included = matcher(registration?.include) ?? (() => true)
  const excluded = matcher(registration?.exclude) ?? (() => false)
  return paths.filter((path) => isConfig(path) && included(path) && !excluded(path)).sort(byText)
}

/** Nx's own rule: the last pattern that matches decides, and a list that begins with `!` begins with everything. */
function matcher(globs: readonly string[] | undefined): ((path: string) => boolean) | undefined {
  if (globs === undefined || globs.length === 0) return undefined
  const rules = globs.map((glob) => {
    const negated = glob.startsWith('!')
    return { negated, matches: globMatcher(negated ? glob.slice(1) : glob) }
  })
  const begin = rules[0]?.negated === true
  return (path) => rules.reduce((chosen, rule) => (rule.matches(path) ? !rule.negated : chosen), begin)
}
