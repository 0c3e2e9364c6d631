import { StoreFault } from '../../store.ts'

/** No bytes, no inodes, or the quota of the user is used up. */
const FULL = new Set(['EDQUOT', 'ENOSPC'])

/** A fault of the directory, from what the system said. */
export function faultOf(cause: unknown, what: string): StoreFault {
  if (cause instanceof StoreFault) return cause
  const code = codeOf(cause)
  const reason = FULL.has(code) ? 'full' : 'unavailable'
  return new StoreFault(reason, `${what}: ${FULL.has(code) ? 'the disk is full' : messageOf(cause)}`, { cause })
}

/** The code of a system error, or nothing. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}

/** Runs what touches the medium, and turns what the system says into a `StoreFault`. */
export async function onMedium<Value>(what: string, work: () => Promise<Value>): Promise<Value> {
  try {
    return await work()
  } catch (error) {
    throw faultOf(error, what)
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
