/** The name of the first signal that asks this process to end. A second one ends it at once, as if nobody listened. */
export async function endSignal(): Promise<NodeJS.Signals> {
  const names: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM']
  return new Promise((resolve) => {
    const onSignal = (name: NodeJS.Signals): void => {
      for (const other of names) process.off(other, onSignal)
      resolve(name)
    }
    for (const name of names) process.on(name, onSignal)
  })
}
