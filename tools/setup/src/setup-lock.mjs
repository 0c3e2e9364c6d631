import {
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { SetupError } from './error.mjs'

// One set-up at a time. The holder touches the lock's time every second, so a lock is stale when its process has gone
// or when nobody has touched it while we watched: process ids are reused, above all in containers, and clocks jump.
const TOUCH_MS = 1000

/**
 * @typedef {{ pid: number, child?: number | undefined }} Holder
 * @typedef {{ child: (pid: number | undefined) => void, release: () => void }} SetupLock
 */

/**
 * Waits until this process is the only set-up of the clone.
 *
 * @param {string} file
 * @param {{ print: (line: string) => void, watchMs?: number, pollMs?: number, patienceMs?: number }} options
 * @returns {Promise<SetupLock>}
 */
export async function acquireSetupLock(file, options) {
  const { print, watchMs = 15_000, pollMs = 250, patienceMs = 20 * 60_000 } = options
  mkdirSync(dirname(file), { recursive: true })
  const begin = performance.now()
  let told = false
  let touched = { at: performance.now(), time: Number.NaN }
  while (!create(file)) {
    const seen = look(file)
    if (seen === undefined) continue
    if (seen.time !== touched.time) touched = { at: performance.now(), time: seen.time }
    if (gone(seen.holder.pid) || performance.now() - touched.at > watchMs) {
      await childGone(seen.holder.child, patienceMs)
      steal(file, seen.text)
      continue
    }
    if (performance.now() - begin > patienceMs) {
      throw new SetupError(
        `setup: process ${seen.holder.pid} has held ${file} for too long`,
        `end that process, or remove ${file} when it does not exist`,
      )
    }
    if (!told) print(`  another set-up of this clone (process ${seen.holder.pid}) is running: waiting for it`)
    told = true
    await sleep(pollMs)
  }
  return hold(file)
}

/** @param {string} file @returns {SetupLock} */
function hold(file) {
  const mine = () => look(file)?.holder.pid === process.pid
  const timer = setInterval(() => {
    const now = new Date()
    if (mine()) utimesSync(file, now, now)
  }, TOUCH_MS)
  timer.unref()
  return {
    child: (pid) => {
      if (mine()) writeFileSync(file, text({ child: pid, pid: process.pid }))
    },
    release: () => {
      clearInterval(timer)
      if (mine()) rmSync(file, { force: true })
    },
  }
}

/** @param {string} file @returns {boolean} whether this process made the lock */
function create(file) {
  try {
    const handle = openSync(file, 'wx')
    writeSync(handle, text({ pid: process.pid }))
    closeSync(handle)
    return true
  } catch (cause) {
    if (/** @type {NodeJS.ErrnoException} */ (cause).code === 'EEXIST') return false
    throw new SetupError(
      `setup: ${file} cannot be written: ${/** @type {Error} */ (cause).message}`,
      'make the clone writable and run the same command again',
    )
  }
}

/**
 * Takes a stale lock away. Between looking and renaming somebody else may have replaced it: then theirs is put back.
 *
 * @param {string} file
 * @param {string} expected
 */
function steal(file, expected) {
  const aside = `${file}.${process.pid}`
  try {
    renameSync(file, aside)
    if (readFileSync(aside, 'utf8') === expected) rmSync(aside, { force: true })
    else renameSync(aside, file)
  } catch {
    // Another process was faster; the loop looks again.
  }
}

/** @param {string} file @returns {{ holder: Holder, text: string, time: number } | undefined} */
function look(file) {
  try {
    const content = readFileSync(file, 'utf8')
    return { holder: parse(content), text: content, time: statSync(file).mtimeMs }
  } catch {
    return undefined
  }
}

/** A lock that is being written, or was cut short, names no process. @param {string} content @returns {Holder} */
function parse(content) {
  try {
    return JSON.parse(content)
  } catch {
    return { pid: Number.NaN }
  }
}

/** @param {Holder} holder */
function text(holder) {
  return JSON.stringify(holder)
}

/** A set-up that was killed can leave its child (say `npm ci`) behind, still writing. @param {number | undefined} pid @param {number} patienceMs */
async function childGone(pid, patienceMs) {
  const begin = performance.now()
  if (pid === undefined) return
  while (performance.now() - begin < Math.min(patienceMs, 120_000)) {
    if (gone(pid)) return
    await sleep(250)
  }
}

/** A lock that is just being written names no process yet: only the watch can tell that it is stale. @param {number} pid */
function gone(pid) {
  return Number.isInteger(pid) && !alive(pid)
}

/** @param {number} pid */
function alive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (cause) {
    return /** @type {NodeJS.ErrnoException} */ (cause).code === 'EPERM'
  }
}
