import { rmSync } from 'node:fs'

/** Removes a file; where that cannot be, there is nothing that this process could have written. */
export function removeIfThere(file: string): void {
  try {
    rmSync(file, { force: true })
  } catch {
    // Its folder cannot be written, or is none.
  }
}
