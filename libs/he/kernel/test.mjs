// Compiles the CUDA kernels without a GPU: `nx run he:test-kernel`.
//
// The compiler, 58 MB, comes from PyPI into .tools/nvrtc the first time. Where it cannot be had the
// target fails: it was asked for, and what did not run is not green.

import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))
const root = join(here, '..', '..', '..')
const environment = join(root, '.tools', 'nvrtc')
const TESTS = ['the_kernels_compile_for_every_architecture', 'a_broken_kernel_fails_with_what_the_compiler_says']

process.exitCode = main()

function main() {
  const lock = join(here, 'nvrtc.lock')
  if (!existsSync(environment) && run('uv', ['venv', '--quiet', '--no-project', environment]) !== 0) return 1
  if (run('uv', ['pip', 'sync', '--quiet', '--require-hashes', '--python', environment, lock]) !== 0) {
    return failed('NVRTC could not be installed', 'it needs uv (npm run setup), the network, and Linux on x86-64 or arm64')
  }
  const library = findLibrary()
  if (library === undefined) return failed(`there is no libnvrtc.so in ${environment}`, 'delete that folder and run this again')
  return test(dirname(library))
}

/** Runs the tests, and sees for itself that they ran. */
function test(folder) {
  const path = [folder, process.env.LD_LIBRARY_PATH].filter(Boolean).join(delimiter)
  const cargo = ['test', '-p', 'he', '--features', 'gpu', '--lib', '--locked', '--', '--include-ignored', 'gpu::source::']
  const options = { cwd: root, encoding: 'utf8', env: { ...process.env, LD_LIBRARY_PATH: path } }
  const { status, stdout, error } = spawnSync('cargo', cargo, { ...options, stdio: ['ignore', 'pipe', 'inherit'] })
  if (error !== undefined) return failed(`cargo could not be started: ${error.message}`, 'install Rust with rustup')
  process.stdout.write(stdout)
  if (status !== 0) return 1
  const missing = TESTS.filter((name) => !stdout.includes(`${name} ... ok`))
  if (missing.length > 0)
    return failed(`not run: ${missing.join(', ')}`, 'name the tests in this file as they are named in src/gpu/source')
  return 0
}

function findLibrary() {
  const name = readdirSync(environment, { recursive: true }).find((file) => /(^|[\\/])libnvrtc\.so\.\d+$/.test(file))
  return name === undefined ? undefined : join(environment, name)
}

function run(program, args) {
  const { status, error } = spawnSync(program, args, { cwd: root, stdio: 'inherit' })
  if (error !== undefined) return failed(`${program} could not be started: ${error.message}`, 'npm run setup')
  return status
}

function failed(reason, hint) {
  process.stderr.write(`test-kernel: ${reason}\n\nhint: ${hint}\n`)
  return 1
}
