import type { Files } from './files.ts'
import type { BenchProject } from './projects.ts'

/** nx.json of a workspace with these plugins. */
export function nxFiles(plugins: readonly string[]): Files {
  const sync = plugins.includes('@interlock/nx/plugin') ? { sync: { globalGenerators: ['@interlock/nx:closures'] } } : {}
  const nx = { analytics: false, cacheDirectory: '.nx/cache', plugins, targetDefaults: { lint: { cache: true } }, ...sync }
  return { 'nx.json': json(nx) }
}

/** What the generators of plugins without inferred targets write: one project.json per crate and Python package. */
export function projectJsonFiles(projects: readonly BenchProject[]): Files {
  const foreign = projects.filter(({ language }) => language !== 'typescript')
  return Object.fromEntries(
    foreign.map(({ name, root }) => [
      `${root}/project.json`,
      json({
        name,
        projectType: 'library',
        sourceRoot: `${root}/src`,
        targets: { lint: { executor: 'nx:run-commands', cache: true, options: { command: 'true' } } },
      }),
    ]),
  )
}

/** turbo.json: a task of its own name, because `lint` of a crate belongs to its workspace's synthetic package. */
export function turboFiles(projects: readonly BenchProject[]): Files {
  const foreign = projects.filter(({ language }) => language !== 'typescript')
  const tasks = Object.fromEntries(foreign.map(({ name }) => [`${name}#verify`, { command: ['true'] }]))
  const flags = ['experimentalCargoWorkspaces', 'experimentalPythonWorkspaces', 'experimentalTaskCommand']
  return {
    'turbo.json': json({
      futureFlags: Object.fromEntries(flags.map((flag) => [flag, true])),
      tasks: { verify: { command: ['true'] }, ...tasks },
    }),
  }
}

const LOCKS = { rust: 'Cargo.lock', python: 'uv.lock', typescript: 'package-lock.json' } as const
const MANIFESTS = { rust: 'Cargo.toml', python: 'pyproject.toml', typescript: 'package.json' } as const

/** build.ninja: one stamp per project over its files, its language's lock and the stamps of what it needs. */
export function ninjaFiles(projects: readonly BenchProject[], files: Files): Files {
  const paths = Object.keys(files)
  const builds = projects.map(({ name, language, root, needs }) => {
    const own = paths.filter((path) => path.startsWith(`${root}/`))
    const inputs = [...own, MANIFESTS[language], LOCKS[language], ...needs.map((other) => `stamps/${other}`)]
    return `build stamps/${name}: verify ${inputs.join(' ')}\n`
  })
  return { 'build.ninja': `rule verify\n  command = touch $out\n  description = $out\n\n${builds.join('')}` }
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}
