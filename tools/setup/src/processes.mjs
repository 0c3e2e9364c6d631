import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { SetupError } from './error.mjs'

const SIGN_OF_LIFE_MS = 15_000

/** @typedef {{ status: number | undefined, missing: boolean, interrupted: NodeJS.Signals | undefined }} Ended `interrupted`: this process was asked to stop meanwhile */

/**
 * Runs a program silently and returns what it said. Never throws: a program that is missing has no status.
 *
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ cwd: string, env: Record<string, string | undefined> }} options
 * @returns {Promise<import('./types.d.ts').Captured>}
 */
export function capture(program, args, options) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text) => (stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text))
    child.on('error', () => resolve({ status: undefined, stderr, stdout }))
    child.on('close', (status) => resolve({ status: status ?? undefined, stderr, stdout }))
  })
}

/**
 * Runs a program whose output belongs to the person who waits; a line every 15 seconds shows that it is alive.
 *
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ cwd: string, env: Record<string, string | undefined>, started?: (pid: number | undefined) => void, print?: (line: string) => void, signOfLifeMs?: number }} options
 * @returns {Promise<Ended>}
 */
export function stream(program, args, options) {
  const { cwd, env, started = () => {}, print = console.log, signOfLifeMs = SIGN_OF_LIFE_MS } = options
  return new Promise((resolve) => {
    const begin = performance.now()
    const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'inherit', 'inherit'] })
    started(child.pid)
    const life = setInterval(() => print(`  … running for ${Math.round((performance.now() - begin) / 1000)} s`), signOfLifeMs)
    const forget = forwardSignals(child)
    child.on('error', () => finish({ missing: true, status: undefined }))
    child.on('close', (status) => finish({ missing: false, status: status ?? undefined }))

    /** @param {Omit<Ended, 'interrupted'>} ended */
    function finish(ended) {
      clearInterval(life)
      started(undefined)
      resolve({ ...ended, interrupted: forget() })
    }
  })
}

/**
 * Like `stream`, and anything but status 0 is an error that names the command.
 *
 * @param {string} program
 * @param {readonly string[]} args
 * @param {Parameters<typeof stream>[2]} options
 */
export async function streamOk(program, args, options) {
  const result = await stream(program, args, options)
  if (result.interrupted !== undefined) throw interrupted(result.interrupted)
  if (result.status === 0) return
  const command = words(program, args)
  if (result.missing)
    throw new SetupError(`setup: ${program} was not found`, `make this work, then run the same command again: ${command}`)
  throw new SetupError(
    `setup: ${command} ended with status ${result.status ?? 'unknown'}`,
    'its own message is above; mend the cause and run the same command again',
  )
}

/**
 * Passes a request to stop on to a child and lets the child end first. The returned function undoes this and says
 * which signal came.
 *
 * @param {import('node:child_process').ChildProcess} child
 */
export function forwardSignals(child) {
  /** @type {NodeJS.Signals | undefined} */
  let came
  const handlers = /** @type {NodeJS.Signals[]} */ (['SIGINT', 'SIGTERM', 'SIGHUP']).map((signal) => {
    const handler = () => {
      came = signal
      child.kill(signal)
    }
    process.on(signal, handler)
    return () => process.off(signal, handler)
  })
  return () => {
    handlers.forEach((undo) => undo())
    return came
  }
}

/** @param {NodeJS.Signals} signal */
export function interrupted(signal) {
  return new SetupError(
    `setup: interrupted by ${signal}`,
    'nothing is broken: the same command goes on where this one stopped',
    128 + constants.signals[signal],
  )
}

/**
 * @param {string} program
 * @param {readonly string[]} args
 */
function words(program, args) {
  return [program, ...args].join(' ')
}
