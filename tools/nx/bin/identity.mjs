// Prints what the tools of a language are, as a runtime input of every target of that language.
//
//   node identity.mjs rust|python|python-on-path|poetry <folder> [<environment>]
//
// Nx takes any two failures for the same value, so a failure here prints a line that is never the same twice.
// `<folder>` and `<environment>` are written as in closures.json: `~<hex>` for every character that is not plain.
import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'

/** Variables that change what the tools do without any file. */
const VARIABLES = {
  rust: [
    'CARGO_ENCODED_RUSTFLAGS',
    'CARGO_ENCODED_RUSTDOCFLAGS',
    'CARGO_INCREMENTAL',
    'RUSTC',
    'RUSTC_BOOTSTRAP',
    'RUSTC_WORKSPACE_WRAPPER',
    'RUSTC_WRAPPER',
    'RUSTDOC',
    'RUSTDOCFLAGS',
    'RUSTFLAGS',
    'RUSTUP_TOOLCHAIN',
  ],
  python: ['PYTHONHASHSEED', 'PYTHONOPTIMIZE', 'PYTHONPATH', 'PYTHONWARNINGS', 'PYTEST_ADDOPTS', 'UV_PYTHON'],
}
VARIABLES['python-on-path'] = [...VARIABLES.python, 'VIRTUAL_ENV']
VARIABLES.poetry = VARIABLES['python-on-path']

/** Profiles, flags, runners and linkers by target, whose names Cargo makes of names of the user. */
const FAMILIES = {
  rust: /^CARGO_(?:BUILD_(?!JOBS$|TARGET_DIR$).+|PROFILE_.+|UNSTABLE_.+|TARGET_.+_(?:LINKER|RUNNER|RUSTFLAGS|RUSTDOCFLAGS))$/,
}

/** A wrapper that only remembers what the compiler made is no other compiler. */
const COMPILER_CACHE = /(?:^|[\\/])(?:sccache|ccache|cachepot)(?:\.exe)?$/

const DESCRIBE_PYTHON =
  'import sys, sysconfig; print(sys.version, sysconfig.get_platform(), sysconfig.get_config_var("EXT_SUFFIX"))'

/** One line per fact about the tools of a language. */
function identityOf(language, folder, environment) {
  const { env } = process
  const names = [...VARIABLES[language], ...Object.keys(env).filter((name) => FAMILIES[language]?.test(name))]
  const variables = names
    .filter((name) => env[name] && !(name.endsWith('_WRAPPER') && COMPILER_CACHE.test(env[name])))
    .map((name) => `${name}=${env[name]}`)
  return [...TOOLS[language](folder, environment), ...variables.sort()].join('\n')
}

const TOOLS = { rust: rustTools, python: pythonTools, 'python-on-path': pythonOnPath, poetry: pythonOfPoetry }

function rustTools(folder) {
  const { RUSTC, CARGO_BUILD_RUSTC } = process.env
  return [run(RUSTC || CARGO_BUILD_RUSTC || 'rustc', ['-vV'], folder), run('cargo', ['-V'], folder)]
}

/** Which environment uv takes is its own affair (it ignores VIRTUAL_ENV where a project has its own), so all of them count. */
function pythonTools(folder, environment) {
  const found = [...new Set(interpreters(folder, environment).filter((path) => existsSync(path)))]
  if (found.length > 0) return found.map((path) => `environment: ${run(path, ['-c', DESCRIBE_PYTHON], folder)}`)
  return [`no environment: ${run(process.platform === 'win32' ? 'python' : 'python3', ['-c', DESCRIBE_PYTHON], folder)}`]
}

function pythonOnPath(folder) {
  return [`on PATH: ${run('python', ['-c', DESCRIBE_PYTHON], folder)}`]
}

/** Poetry keeps environments in a folder of its own, which only it knows. */
function pythonOfPoetry(folder) {
  return [`of Poetry: ${run('poetry', ['run', 'python', '-c', DESCRIBE_PYTHON], folder)}`]
}

/** Where the interpreter of the project's environment can be. */
function interpreters(folder, environment) {
  const { UV_PROJECT_ENVIRONMENT, VIRTUAL_ENV } = process.env
  const folders =
    environment === undefined
      ? [UV_PROJECT_ENVIRONMENT, VIRTUAL_ENV, join(folder, '.venv'), '.venv'].filter((place) => place)
      : [environment]
  const names = process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python']
  return folders.map((place) => resolve(place, ...names))
}

function run(program, args, cwd) {
  return execFileSync(program, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim()
}

/** The path that a closure key stands for. The first byte of a character says how many follow. */
function decodeKey(key) {
  const bytes = []
  for (let at = 0; at < key.length;) {
    if (key[at] !== '~') {
      bytes.push(...Buffer.from(key[at]))
      at += 1
      continue
    }
    const first = Number.parseInt(key.slice(at + 1, at + 3), 16)
    const length = first < 0xc0 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4
    bytes.push(...Buffer.from(key.slice(at + 1, at + 1 + 2 * length), 'hex'))
    at += 1 + 2 * length
  }
  return Buffer.from(bytes).toString('utf8')
}

function main([language, folder, environment]) {
  try {
    if (VARIABLES[language] === undefined) throw new Error(`unknown language ${language}`)
    const identity = identityOf(language, decodeKey(folder ?? '~2e'), environment && decodeKey(environment))
    process.stdout.write(`${identity}\n`)
  } catch (error) {
    process.stdout.write(`not known: ${language} ${error.code ?? error.message} ${randomUUID()}\n`)
  }
}

main(process.argv.slice(2))
