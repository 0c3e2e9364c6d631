// Fuzzes every target for a while: `nx run he:fuzz`, or `node libs/he/fuzz/run.mjs --seconds 5`.
//
// It needs a C++ compiler, and no nightly Rust: the coverage is an LLVM pass that stable has. What it
// finds out stays in target/fuzz/corpus, where the next run goes on.

import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const here = dirname(fileURLToPath(import.meta.url))
const work = join(here, '..', '..', '..', 'target', 'fuzz')
const KNOWN_ANSWERS = join(here, '..', 'tests', 'known-answer')

/** What cargo-fuzz passes, without a sanitizer: no decoder has unsafe code. */
const COVERAGE = [
  '--cfg=fuzzing',
  '-Cpasses=sancov-module',
  '-Cllvm-args=-sanitizer-coverage-level=4',
  '-Cllvm-args=-sanitizer-coverage-inline-8bit-counters',
  '-Cllvm-args=-sanitizer-coverage-pc-table',
  '-Cllvm-args=-sanitizer-coverage-trace-compares',
  '-Cdebug-assertions',
  '-Coverflow-checks',
  '-Ccodegen-units=1',
]

process.exitCode = main()

function main() {
  const { seconds } = parseArgs({ options: { seconds: { type: 'string', default: '60' } } }).values
  if (!/^[1-9]\d*$/.test(seconds)) return failed(`--seconds ${seconds} is no number of seconds`, 'such as --seconds 60', 2)
  const programs = build()
  if (programs === undefined) return 1
  const results = programs.map((program) => fuzz(program, seconds))
  return results.every(Boolean) ? 0 : 1
}

/** The paths of the programs, as Cargo names them. */
function build() {
  const manifest = ['--manifest-path', join(here, 'Cargo.toml'), '--target-dir', work]
  // With a target, build scripts are compiled without these flags, which they do not link with.
  const words = ['build', ...manifest, '--bins', '--release', '--locked', '--target', 'host-tuple', '--message-format', 'json']
  const env = { ...process.env, RUSTFLAGS: COVERAGE.join(' ') }
  const options = { encoding: 'utf8', env, maxBuffer: 64 * 1024 * 1024, stdio: ['ignore', 'pipe', 'inherit'] }
  const { status, stdout, error } = spawnSync('cargo', words, options)
  if (error !== undefined) return void failed(`cargo could not be started: ${error.message}`, 'install Rust with rustup')
  if (status !== 0) return void failed('the fuzz targets do not build', 'they need a C++ compiler')
  const messages = stdout.split('\n').filter((line) => line.startsWith('{'))
  const programs = messages.map((line) => JSON.parse(line).executable).filter((path) => typeof path === 'string')
  const expected = readdirSync(join(here, 'fuzz_targets')).map((file) => basename(file, '.rs'))
  const missing = expected.filter((name) => !programs.some((path) => basename(path) === name))
  return missing.length === 0 ? programs : void failed(`not built: ${missing.join(', ')}`, 'name each in Cargo.toml')
}

/** Whether the time passed without a finding. */
function fuzz(program, seconds) {
  const name = basename(program)
  const corpus = join(work, 'corpus', name)
  const findings = join(work, 'findings', name)
  for (const folder of [corpus, findings]) mkdirSync(folder, { recursive: true })
  const limits = [`-max_total_time=${seconds}`, '-timeout=30', '-rss_limit_mb=1024', '-max_len=32768']
  const words = [
    ...limits,
    '-print_final_stats=1',
    `-artifact_prefix=${findings}/`,
    corpus,
    join(here, 'seeds', name),
    KNOWN_ANSWERS,
  ]
  const { status, stderr, error } = spawnSync(program, words, { encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 })
  if (error !== undefined) return !failed(`${name} could not be started: ${error.message}`, 'delete target/fuzz')
  const runs = Number(/stat::number_of_executed_units: (\d+)/.exec(stderr)?.[1] ?? 0)
  if (status !== 0 || runs === 0) {
    process.stderr.write(stderr.split('\n').slice(-60).join('\n'))
    const found = readdirSync(findings).length > 0
    const hint = found
      ? `run ${program} with a file of ${findings}; kept in libs/he/fuzz/seeds/${name}, it is a test`
      : 'the lines above say why'
    return !failed(`${name}: ${found ? 'a finding' : 'it did not run to its end'} (status ${status})`, hint)
  }
  const covered = /cov: (\d+)/.exec(stderr.slice(stderr.lastIndexOf('cov: ')))?.[1]
  process.stdout.write(`${name}: ${runs} runs in ${seconds} s, ${covered} edges, no finding\n`)
  return true
}

function failed(reason, hint, status = 1) {
  process.stderr.write(`fuzz: ${reason}\n\nhint: ${hint}\n`)
  return status
}
