import { runProcess } from '@interlock/kit'
import type { Sent } from './load.ts'
import type { Subject } from './subjects.ts'

const SECONDS = 4

/**
 * GETs of one artifact for some seconds, by wrk: it costs far less than any of the servers, so they are busy without a
 * pause, and what a wake-up costs is not counted as theirs.
 */
export async function hammer({ url, token }: Subject, artifact: string, connections: number): Promise<Sent> {
  const options = ['-t1', `-c${connections}`, `-d${SECONDS}s`, '--timeout', '30s', '-H', `Authorization: Bearer ${token}`]
  const ended = await runProcess(['wrk', ...options, `${url}/v8/artifacts/${artifact}?slug=local`])
  if (ended.kind !== 'exited' || ended.status !== 0) throw new Error(`wrk did not run: ${JSON.stringify(ended)}`)
  return readWrk(ended.stdout)
}

/** What wrk says about its run. */
export function readWrk(text: string): Sent {
  const [, requests, seconds, size, unit] = /(\d+) requests in ([\d.]+)s, ([\d.]+)([KMGT]?B) read/u.exec(text) ?? []
  if (requests === undefined || seconds === undefined || size === undefined) throw new Error(`wrk said something else:\n${text}`)
  const refused = Number(/Non-2xx or 3xx responses: (\d+)/u.exec(text)?.[1] ?? 0)
  const broken = (/Socket errors: (.+)/u.exec(text)?.[1] ?? '').split(', ').filter((part) => !/^(?:\w+ 0)?$/u.test(part))
  const errors = [...Array.from({ length: refused }, () => 'no status of success'), ...broken]
  return {
    bytes: Number(size) * 1024 ** 'BKMGT'.indexOf(unit?.at(0) ?? 'B'),
    done: Number(requests) - refused,
    errors,
    seconds: Number(seconds),
  }
}
