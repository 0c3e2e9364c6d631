import { signalGroup } from './process-group.ts'

const SIGNALS: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP']

/** A running child that must not outlive this process. */
export interface GuardedChild {
  readonly pid: number
  /** Called once when this process is asked to end. */
  readonly onParentSignal: (signal: NodeJS.Signals) => void
}

/** Keeps the signals of this process from ending it at once. */
export interface SignalGuard {
  /** Hands signals on to a child: the one that has come already, too. A second signal kills at once. */
  readonly watch: (child: GuardedChild) => void
  /** Ends this guard and lets its child go. */
  readonly release: () => void
}

const children = new Map<SignalGuard, GuardedChild>()
const guards = new Set<SignalGuard>()
let received: NodeJS.Signals | undefined

/**
 * Listens to the signals of this process. Opened before its child is started, because a signal between the start and the
 * first listener would end this process and leave the child.
 *
 * When the last guard has gone and nobody else listens, this process ends by the signal that it got, as it would have
 * without children.
 */
export function openSignalGuard(): SignalGuard {
  const guard: SignalGuard = {
    watch(child) {
      children.set(guard, child)
      if (received !== undefined) child.onParentSignal(received)
    },
    release() {
      children.delete(guard)
      if (guards.delete(guard) && guards.size === 0) stopListening()
    },
  }
  if (guards.size === 0) {
    for (const signal of SIGNALS) process.on(signal, onSignal)
    process.on('exit', killAll)
  }
  guards.add(guard)
  return guard
}

function stopListening(): void {
  for (const signal of SIGNALS) process.off(signal, onSignal)
  process.off('exit', killAll)
  const signal = received
  received = undefined
  if (signal !== undefined && process.listenerCount(signal) === 0) setImmediate(() => process.kill(process.pid, signal))
}

function onSignal(signal: NodeJS.Signals): void {
  if (received !== undefined) {
    killAll()
    return
  }
  received = signal
  for (const child of children.values()) child.onParentSignal(signal)
}

function killAll(): void {
  for (const child of children.values()) signalGroup(child.pid, 'SIGKILL')
}
