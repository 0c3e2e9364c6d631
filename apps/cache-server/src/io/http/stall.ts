import type { Socket } from 'node:net'

/** One body on its way; `end` once it is over. */
export interface Transfer {
  /** While this is set the delay is ours, and the client is not blamed for it. */
  ours: boolean
  readonly end: () => void
}

/** Closes the connections of clients that are too slow, and touches no other. */
export interface StallWatch {
  readonly receiving: (socket: Socket) => Transfer
  readonly sending: (socket: Socket) => Transfer
  readonly active: () => number
  readonly close: () => void
}

export interface StallLimits {
  /** The time in which `bytes` have to be moved. */
  readonly milliseconds: number
  readonly bytes: number
}

interface Watched extends Transfer {
  readonly socket: Socket
  readonly moved: () => number
  /** Whether the client is what the transfer waits for. */
  readonly theirs: () => boolean
  since: number
  before: number
}

const TICKS = 6

/** One timer looks at all transfers, so that a request costs none of its own. `stalled` is called for each that is closed. */
export function createStallWatch(limits: StallLimits, stalled: () => void): StallWatch {
  const watched = new Set<Watched>()
  const timer = setInterval(() => {
    const now = performance.now()
    for (const transfer of watched) look(transfer, now)
  }, limits.milliseconds / TICKS)
  timer.unref()

  const look = (transfer: Watched, now: number): void => {
    if (transfer.ours || !transfer.theirs()) {
      begin(transfer, now)
      return
    }
    if (now - transfer.since < limits.milliseconds) return
    if (transfer.moved() - transfer.before >= limits.bytes) {
      begin(transfer, now)
      return
    }
    watched.delete(transfer)
    stalled()
    transfer.socket.destroy()
  }
  const watch = (socket: Socket, moved: () => number, theirs: () => boolean): Transfer => {
    const transfer: Watched = {
      socket,
      moved,
      theirs,
      ours: false,
      since: performance.now(),
      before: moved(),
      end: () => void watched.delete(transfer),
    }
    watched.add(transfer)
    return transfer
  }
  return {
    receiving: (socket) =>
      watch(
        socket,
        () => socket.bytesRead,
        () => true,
      ),
    sending: (socket) =>
      watch(
        socket,
        () => socket.bytesWritten - socket.writableLength,
        () => socket.writableLength > 0,
      ),
    active: () => watched.size,
    close: () => clearInterval(timer),
  }
}

function begin(transfer: Watched, now: number): void {
  transfer.since = now
  transfer.before = transfer.moved()
}
