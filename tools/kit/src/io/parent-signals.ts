import { signalGroup } from './process-group.ts'

const SIGNALS: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP']

/** A running child that must not outlive this process. */
export interface GuardedChild {
  readonly pid: number
  /** Called once when this process is asked to end. */
  readonly onParentSignal: (signal: NodeJS.Signals) => void
}

const children = new Set<GuardedChild>()
let received: NodeJS.Signals | undefined

/**
 * Hands the signals of this process on to a child until the returned function is called. A second signal kills at once.
 *
 * When the last child has gone and nobody else listens, this process ends by the signal that it got, as it would have
 * without children.
 */
export function guardChild(child: GuardedChild): () => void {
  if (children.size === 0) {
    for (const signal of SIGNALS) process.on(signal, onSignal)
    process.on('exit', killAll)
  }
  children.add(child)
  return () => {
    if (!children.delete(child) || children.size > 0) return
    for (const signal of SIGNALS) process.off(signal, onSignal)
    process.off('exit', killAll)
    const signal = received
    received = undefined
    if (signal !== undefined && process.listenerCount(signal) === 0) setImmediate(() => process.kill(process.pid, signal))
  }
}

function onSignal(signal: NodeJS.Signals): void {
  if (received !== undefined) {
    killAll()
    return
  }
  received = signal
  for (const child of children) child.onParentSignal(signal)
}

function killAll(): void {
  for (const child of children) signalGroup(child.pid, 'SIGKILL')
}
