// Writes content/reference/ from schemas, sources and the command itself, so that the site cannot tell anything else.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { apiPage, moduleSummary, pythonExports, pythonItems, rustExports, rustItems } from './api-page.mjs'
import { ciPage } from './ci-page.mjs'
import { commandList, commandPage, slugOf } from './command-page.mjs'
import { configPage } from './config-page.mjs'
import { errorPage } from './error-page.mjs'
import { httpPage } from './http-page.mjs'
import { lintPage } from './lint-page.mjs'
import { schemaPage } from './schema-pages.mjs'
import { targetPage } from './target-page.mjs'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const reference = join(root, 'apps', 'docs', 'content', 'reference')
const VERBS = [
  'affected',
  'base',
  'cache audit verify',
  'cache explain',
  'cache key',
  'cache policy lint',
  'cache token',
  'ci adopt',
  'ci authorize',
  'ci gate',
  'ci generate',
  'ci gpu',
  'ci jobs',
  'ci lint',
  'ci pins',
  'ci plan',
  'ci policy',
  'ci referees',
  'ci report',
  'ci simulate',
  'ci update',
  'config',
  'doctor',
  'lock diff',
  'why',
]

const commands = VERBS.map((name) => ({ help: interlock([...name.split(' '), '--help']), name }))
const pages = {
  api: apiPage([
    rustPackage('libs/he', 'Crate `he`'),
    rustPackage('libs/he-client', 'Crate `he-client`'),
    pythonStub(),
    pythonClient(),
  ]),
  ci: ciPage(JSON.parse(interlock(['ci', 'jobs', '--json']))),
  'ci-lint': lintPage(JSON.parse(interlock(['ci', 'lint', '--sarif', '-']))),
  commands: commandList(commands),
  ...Object.fromEntries(commands.map((command) => [`commands/${slugOf(command)}`, commandPage(command)])),
  config: configPage(JSON.parse(interlock(['config', '--schema']))),
  errors: errorPage(text('tools/kit/src/core/error-codes.ts')),
  executors: schemaPage('Executors', entries('executors')),
  generators: schemaPage('Generators', entries('generators')),
  http: httpPage(JSON.parse(text('apps/proxy/openapi.json'))),
  python: pythonPage(),
  targets: targetPage(),
}

rmSync(reference, { force: true, recursive: true })
mkdirSync(join(reference, 'commands'), { recursive: true })
for (const [name, page] of Object.entries(pages)) writeFileSync(join(reference, `${name}.md`), page)
process.stdout.write(`content/reference: ${Object.keys(pages).length} pages\n`)

/** @param {string} path */
function text(path) {
  return readFileSync(join(root, path), 'utf8')
}

/** Every executor or generator of every package, by its full name. @param {'executors' | 'generators'} kind */
function entries(kind) {
  return readdirSync(join(root, 'tools'))
    .filter((name) => existsSync(join(root, 'tools', name, `${kind}.json`)))
    .flatMap((name) => {
      const declared = JSON.parse(text(`tools/${name}/${kind}.json`))[kind]
      return Object.entries(declared).map(([verb, entry]) => ({
        description: entry.description,
        name: `@interlock/${name}:${verb}`,
        schema: JSON.parse(text(join('tools', name, entry.schema))),
      }))
    })
}

/** @param {string[]} args */
function interlock(args) {
  const program = join(root, 'node_modules', '@interlock', 'cli', 'bin', 'interlock.js')
  return execFileSync(process.execPath, [program, ...args], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, COLUMNS: '100', NO_COLOR: '1' },
  })
}

/** The sources of the Python packages, read by Python itself. */
function pythonPage() {
  const python = join(root, '.venv', ...(process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python']))
  const packages = [
    'Package `homomorphic_llm`=libs/client-python/src/homomorphic_llm/__init__.py',
    'Module `interlock_he`=libs/he-python/interlock_he.pyi',
  ]
  return execFileSync(python, ['-I', join('apps', 'docs', 'src', 'python_page.py'), ...packages], { cwd: root, encoding: 'utf8' })
}

/** @param {string} folder @param {string} title */
function rustPackage(folder, title) {
  const source = text(`${folder}/src/lib.rs`)
  const files = readdirSync(join(root, folder, 'src'), { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.rs'),
  )
  return {
    exports: rustExports(source),
    intro: moduleSummary(source),
    items: files.flatMap((file) => rustItems(text(`${folder}/src/${file}`))),
    title,
  }
}

function pythonStub() {
  const source = text('libs/he-python/interlock_he.pyi')
  return {
    exports: pythonExports(source),
    intro: moduleSummary(source),
    items: pythonItems(source),
    title: 'Python module `interlock_he`',
  }
}

function pythonClient() {
  const folder = 'libs/client-python/src/homomorphic_llm'
  const source = text(`${folder}/__init__.py`)
  const files = readdirSync(join(root, folder)).filter((file) => file.endsWith('.py'))
  return {
    exports: pythonExports(source),
    intro: moduleSummary(source),
    items: files.flatMap((file) => pythonItems(text(`${folder}/${file}`))),
    title: 'Python package `homomorphic_llm`',
  }
}
