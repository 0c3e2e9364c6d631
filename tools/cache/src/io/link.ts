import { INNER_PATHS } from '../core/loopback.ts'
import { askShield } from './ask-shield.ts'
import type { Handshake } from './handshake.ts'
import { launchShield } from './launch.ts'
import type { Link } from './pass.ts'
import type { ShieldOrder } from './shield/main.ts'
import type { UploadCounts } from './uploads.ts'

/** The way to a shield, for the runs of one process. */
export interface RunsLink extends Link {
  readonly join: (run: string) => void
  /** Waits for the uploads of a run; `undefined` where no shield can tell. */
  readonly leave: (run: string, milliseconds: number) => Promise<UploadCounts | undefined>
}

/** A shield that does not start, or does not stay, is not tried for ever while one run lasts. */
const MOST_LAUNCHES = 4

export function createLink(order: ShieldOrder): RunsLink {
  const runs = new Set<string>()
  let launches = 0
  let current: Promise<Handshake> | undefined
  let known: Handshake | undefined
  /** A start that came to nothing is not repeated for every question of a run. */
  let failed: Promise<Handshake> | undefined

  const launch = async (): Promise<Handshake> => {
    if (launches === MOST_LAUNCHES) throw new Error(`${MOST_LAUNCHES} shields were lost`)
    launches += 1
    const handshake = await launchShield(order)
    known = handshake
    await Promise.all([...runs].map((run) => register(handshake, run)))
    return handshake
  }
  const lost = (handshake: Handshake): void => {
    if (known === handshake) [known, current] = [undefined, undefined]
  }
  const shield = (): Promise<Handshake> => {
    if (current !== undefined) return current
    const launching = launch()
    current = launching
    // Whoever asks hears of it; a start that nobody asked for yet is no fault of this process.
    launching.catch(() => void (failed = launching))
    return launching
  }
  return {
    shield,
    lost,
    join: (run) => {
      runs.add(run)
      // A worker of Nx's daemon outlives many shields, each of which ends by itself between two runs.
      launches = 0
      if (current === failed) current = undefined
      if (known === undefined) {
        void shield()
        return
      }
      const last = known
      current = register(last, run).then(async (isThere) => {
        if (isThere) return last
        lost(last)
        return shield()
      })
      current.catch(() => undefined)
    },
    leave: async (run, milliseconds) => {
      runs.delete(run)
      if (known === undefined) return undefined
      const question = { path: INNER_PATHS.flush, body: { run, milliseconds }, milliseconds: milliseconds + 2000 }
      return (await askShield(known, question).catch(() => undefined)) as UploadCounts | undefined
    },
  }
}

/** Whether the shield answers. */
async function register(handshake: Handshake, run: string): Promise<boolean> {
  const body = { run, pid: process.pid }
  return askShield(handshake, { path: INNER_PATHS.run, body, milliseconds: 2000 }).then(
    () => true,
    () => false,
  )
}
