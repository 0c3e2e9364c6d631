// Prints what the tools of a language are, as a runtime input of every target of that language.
//
//   node identity.mjs rust|python <folder> [<environment>]
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
    'CARGO_BUILD_RUSTFLAGS',
    'CARGO_BUILD_TARGET',
    'CARGO_ENCODED_RUSTFLAGS',
    'CARGO_ENCODED_RUSTDOCFLAGS',
    'CARGO_INCREMENTAL',
    'RUSTDOCFLAGS',
    'RUSTFLAGS',
    'RUSTUP_TOOLCHAIN',
  ],
  python: ['PYTHONHASHSEED', 'PYTHONOPTIMIZE', 'PYTHONPATH', 'PYTHONWARNINGS', 'PYTEST_ADDOPTS', 'UV_PYTHON'],
}

const DESCRIBE_PYTHON =
  'import sys, sysconfig; print(sys.version, sysconfig.get_platform(), sysconfig.get_config_var("EXT_SUFFIX"))'

/** One line per fact about the tools of a language. */
function identityOf(language, folder, environment) {
  const { env } = process
  const variables = VARIABLES[language].filter((name) => env[name]).map((name) => `${name}=${env[name]}`)
  const tools = language === 'rust' ? rustTools(folder) : pythonTools(folder, environment)
  return [...tools, ...variables].join('\n')
}

function rustTools(folder) {
  return [run('rustc', ['-vV'], folder), run('cargo', ['-V'], folder)]
}

function pythonTools(folder, environment) {
  const interpreter = interpreters(folder, environment).find((path) => existsSync(path))
  const python = interpreter ?? (process.platform === 'win32' ? 'python' : 'python3')
  const place = interpreter === undefined ? 'no environment' : 'environment'
  return [`${place}: ${run(python, ['-c', DESCRIBE_PYTHON], folder)}`]
}

/** Where the interpreter of the project's environment is, the most specific first. */
function interpreters(folder, environment) {
  const given = environment ?? process.env['UV_PROJECT_ENVIRONMENT'] ?? process.env['VIRTUAL_ENV']
  const folders = given === undefined ? [join(folder, '.venv'), '.venv'] : [given]
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
