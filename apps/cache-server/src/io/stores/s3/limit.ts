/** Runs at most so many of the works given to it at once; the others wait in order. */
export type Limit = <Value>(work: () => Promise<Value>) => Promise<Value>

export function createLimit(most: number): Limit {
  const waiting: (() => void)[] = []
  let running = 0

  const enter = async (): Promise<void> => {
    if (running >= most) await new Promise<void>((resolve) => waiting.push(resolve))
    else running += 1
  }
  /** Whoever waits takes the place of the one that leaves. */
  const leave = (): void => {
    const next = waiting.shift()
    if (next === undefined) running -= 1
    else next()
  }
  return async (work) => {
    await enter()
    try {
      return await work()
    } finally {
      leave()
    }
  }
}

/** What `work` makes of each item, in their order. The first failure ends it once what has begun is over. */
export async function mapLimited<Item, Value>(
  items: readonly Item[],
  most: number,
  work: (item: Item) => Promise<Value>,
): Promise<Value[]> {
  const limit = createLimit(most)
  let failed = false
  const results = await Promise.allSettled(
    items.map(async (item) =>
      limit(async () => {
        if (failed) throw new Error('an earlier one has failed')
        return work(item).catch((error: unknown) => {
          failed = true
          throw error
        })
      }),
    ),
  )
  const bad = results.find((result) => result.status === 'rejected')
  if (bad !== undefined) throw bad.reason
  return results.map((result) => (result as PromiseFulfilledResult<Value>).value)
}
