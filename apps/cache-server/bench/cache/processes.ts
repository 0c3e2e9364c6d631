import { readdirSync, readFileSync, writeFileSync } from 'node:fs'

/** A process and all that it started, as Linux counts them. */
export interface Tree {
  /** Seconds of processor time so far, user and system, of all threads. */
  readonly cpuSeconds: () => number
  /** The most memory since the last `forgetPeak`, in bytes: the sum over the processes. */
  readonly peakBytes: () => number
  readonly forgetPeak: () => void
}

export function treeOf(root: number): Tree {
  const pids = (): number[] => [root, ...descendantsOf(root)]
  return {
    cpuSeconds: () => sum(pids().map((pid) => runningNanoseconds(pid))) / 1e9,
    forgetPeak: () => pids().forEach((pid) => writeFileSync(`/proc/${pid}/clear_refs`, '5')),
    peakBytes: () => sum(pids().map((pid) => highWaterBytes(pid))),
  }
}

function descendantsOf(root: number): number[] {
  const parents = new Map(
    readdirSync('/proc')
      .filter((name) => /^\d+$/u.test(name))
      .map((name) => [Number(name), Number(/\) \S (\d+)/u.exec(read(`/proc/${name}/stat`))?.[1])] as const),
  )
  const found: number[] = []
  for (let level = [root]; level.length > 0;) {
    level = [...parents].filter(([, parent]) => level.includes(parent)).map(([pid]) => pid)
    found.push(...level)
  }
  return found
}

/** `schedstat` counts nanoseconds; the hundredths of `stat` are longer than many requests. */
function runningNanoseconds(pid: number): number {
  return sum(
    readdirSync(`/proc/${pid}/task`).map((thread) => Number(read(`/proc/${pid}/task/${thread}/schedstat`).split(' ')[0])),
  )
}

function highWaterBytes(pid: number): number {
  return Number(/VmHWM:\s+(\d+) kB/u.exec(read(`/proc/${pid}/status`))?.[1] ?? 0) * 1024
}

/** Empty for what ended meanwhile. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
