/** Runs work of one name strictly one after the other; work of different names runs at the same time. */
export type Serial = <Value>(name: string, work: () => Promise<Value>) => Promise<Value>

export function createSerial(): Serial {
  const tails = new Map<string, Promise<unknown>>()
  return async (name, work) => {
    const earlier = tails.get(name)
    const mine = earlier === undefined ? work() : earlier.then(work, work)
    tails.set(name, mine)
    try {
      return await mine
    } finally {
      if (tails.get(name) === mine) tails.delete(name)
    }
  }
}
