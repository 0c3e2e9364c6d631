import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Daemon, settledUsage } from './daemon.ts'
import type { Sample } from './rows.ts'

export interface Command {
  readonly words: readonly string[]
  /** On top of the column's environment. */
  readonly env?: Readonly<Record<string, string>>
}

export interface Place {
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** A folder for what commands print. */
  readonly scratch: string
}

export interface Finished {
  readonly status: number
  readonly stdout: string
  readonly stderr: string
  readonly sample: Sample
}

/** Node does not tell what a child used; wait4 does, for the child and all that it waited for. */
const WAIT4 = `
import json, os, sys, time
out, err, words = sys.argv[1], sys.argv[2], sys.argv[3:]
flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
files = [(os.POSIX_SPAWN_OPEN, 1, out, flags, 0o600), (os.POSIX_SPAWN_OPEN, 2, err, flags, 0o600)]
start = time.monotonic()
pid = os.posix_spawnp(words[0], words, os.environ, file_actions=files)
_, status, usage = os.wait4(pid, 0)
unit = 1 if sys.platform == "darwin" else 1024
print(json.dumps({
    "status": os.waitstatus_to_exitcode(status), "wall": time.monotonic() - start,
    "user": usage.ru_utime, "system": usage.ru_stime, "memory": usage.ru_maxrss * unit / 1048576,
}))
`

/** Runs a command and says what it used. A status other than 0 is an error that shows what it printed. */
export function measure(command: Command, place: Place): Finished {
  const [out, err] = [join(place.scratch, 'stdout'), join(place.scratch, 'stderr')]
  const result = spawnSync('python3', ['-c', WAIT4, out, err, ...command.words], {
    cwd: place.cwd,
    env: { ...process.env, ...place.env, ...command.env },
    encoding: 'utf8',
  })
  if (result.error) throw result.error
  if (result.status !== 0) throw new Error(result.stderr.trim().split('\n').at(-1))
  const { status, ...sample } = JSON.parse(result.stdout) as Sample & { readonly status: number }
  const [stdout, stderr] = [readFileSync(out, 'utf8'), readFileSync(err, 'utf8')]
  if (status !== 0)
    throw new Error(`${command.words.slice(1).join(' ')}: status ${status}\n${stderr.slice(0, 2000)}${stdout.slice(0, 2000)}`)
  return { status, stdout, stderr, sample }
}

/** As `measure`, with what the daemon used since `daemon.begin`. */
export async function measureServed(command: Command, place: Place, daemon: Daemon): Promise<Finished> {
  const finished = measure(command, place)
  const served = await settledUsage(daemon)
  const { user, system, memory, wall } = finished.sample
  return {
    ...finished,
    sample: { wall, user: user + served.user, system: system + served.system, memory: memory + served.memory },
  }
}
