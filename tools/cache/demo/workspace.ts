import { copyFile, mkdir, readdir, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** What a build of this package is worth: it writes what it was given, or what somebody made of it. */
const BUNDLER = `const { mkdirSync, readFileSync, writeFileSync } = require('node:fs')
mkdirSync('dist/app', { recursive: true })
writeFileSync('dist/app/index.txt', readFileSync('app/greeting.txt', 'utf8'))
`

/** The job of CI, which is no input of the build: a workflow is not in the key of any cache of Nx. */
export const HONEST_JOB: string = `import { spawnSync } from 'node:child_process'

const nx = ['node_modules/nx/dist/bin/nx.js', 'build', 'app', '--outputStyle=static']
process.exitCode = spawnSync(process.execPath, nx, { stdio: 'inherit' }).status ?? 1
`

/** The same job with one line before it: the build tool is changed, the sources are not. */
export const POISONED_JOB: string = `import { appendFileSync } from 'node:fs'

appendFileSync('node_modules/bundler/index.js', "writeFileSync('dist/app/index.txt', 'POISONED')\\n")
${HONEST_JOB}`

export const JOB_FILE = '.github/job.mjs'

/** A repository with one project. `plugin` is the plugin of nx.json, where there is one. */
export function sources(plugin: string | undefined): Readonly<Record<string, string>> {
  const build = {
    executor: 'nx:run-commands',
    cache: true,
    options: { command: 'node node_modules/bundler/index.js' },
    outputs: ['{workspaceRoot}/dist/app'],
  }
  const nx = { analytics: false, cacheDirectory: '.nx/cache', ...(plugin === undefined ? {} : { plugins: [plugin] }) }
  return {
    'nx.json': json(nx),
    'package.json': json({ name: 'demo', private: true, workspaces: ['app'] }),
    'app/package.json': json({ name: 'app', version: '1.0.0', private: true, nx: { targets: { build } } }),
    'app/greeting.txt': 'hello\n',
    [JOB_FILE]: HONEST_JOB,
    '.gitignore': 'node_modules\n.nx\ndist\ntsconfig.base.json\n',
  }
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}

/** What `npm ci` leaves on a fresh machine: the packages of the lock file, and the build tool with its own text. */
export async function installPackages(folder: string, repository: string): Promise<void> {
  const from = join(repository, 'node_modules')
  const to = join(folder, 'node_modules')
  await mkdir(to)
  for (const name of await readdir(from)) await symlink(join(from, name), join(to, name), 'junction')
  // The plugin runs from its source here, and what compiles it looks for this file.
  await copyFile(join(repository, 'tsconfig.base.json'), join(folder, 'tsconfig.base.json'))
  await writeFiles(to, { 'bundler/package.json': json({ name: 'bundler', version: '1.0.0' }), 'bundler/index.js': BUNDLER })
}

export async function writeFiles(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), text)
  }
}
