// `node run.mjs serve` and `node run.mjs search QUERY`: builds what is missing, then leaves to Python.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { starter, supervised } from './supervise.mjs'

const root = fileURLToPath(new URL('../../../..', import.meta.url))
const windows = process.platform === 'win32'
const wheel = 'dist/he-python/site'
const sources = ['apps/docs/examples/private-search/src', 'libs/client-python/src', wheel]
const binary = join(root, 'dist', 'proxy', windows ? 'hlp-proxy.exe' : 'hlp-proxy')
const [verb, ...rest] = process.argv.slice(2)

// A Ctrl-C reaches the child too, which ends in its own order; this process waits for it.
process.on('SIGINT', () => {})

if (verb === 'serve') {
  const npm = starter()
  run(process.execPath, [
    join(root, 'node_modules/nx/dist/bin/nx.js'),
    'run-many',
    '-t',
    'build',
    'install',
    '-p',
    'proxy,he-python',
  ])
  const words = ['-m', 'private_search.serve', '--until-stdin-closes', root, binary, ...rest]
  finish('uv', await supervised('uv', ofPython(words), { ...surroundings(), npm }))
} else if (verb === 'search' && !existsSync(join(root, wheel))) {
  process.stderr.write(
    'error: the wheel is not built yet\n\nhint: npm run demo:serve builds it; ask when it says that it listens\n',
  )
  process.exitCode = 6
} else if (verb === 'search') {
  run('uv', ofPython(['-m', 'homomorphic_llm', 'search', '--embed', 'private_search.model:embed', ...rest]))
} else {
  process.stderr.write('error: what to do is missing\n\nhint: node run.mjs serve, or node run.mjs search QUERY\n')
  process.exitCode = 2
}

/** @param {readonly string[]} words */
function ofPython(words) {
  return ['run', '--no-sync', 'python', ...words]
}

/** @param {string} command @param {readonly string[]} words */
function run(command, words) {
  finish(command, spawnSync(command, words, { ...surroundings(), stdio: 'inherit' }))
}

function surroundings() {
  const PYTHONPATH = sources.map((path) => join(root, path)).join(delimiter)
  // npm run has this folder there, a plain node has not; Windows may call the variable Path.
  const path = Object.keys(process.env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH'
  const folders = [join(root, 'node_modules', '.bin'), process.env[path]].filter(Boolean).join(delimiter)
  return { cwd: root, env: { ...process.env, [path]: folders, PYTHONPATH } }
}

/** @param {string} command @param {{ status: number | null, error?: Error | undefined }} result */
function finish(command, { status, error }) {
  if (error !== undefined) {
    process.stderr.write(`error: ${command} cannot be started: ${error.message}\n\nhint: npm run setup\n`)
    process.exit(6)
  }
  if (status !== 0) process.exit(status ?? 1)
}
