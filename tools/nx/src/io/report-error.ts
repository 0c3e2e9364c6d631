import { EXIT, InterlockError } from '@interlock/kit'

/** Runs the work of an executor; an error that a user can act on becomes a message. The first words are what reports look for. */
export async function reporting(work: () => Promise<boolean>): Promise<{ success: boolean }> {
  try {
    return { success: await work() }
  } catch (error) {
    if (!(error instanceof InterlockError)) throw error
    const outcome = error.exitStatus === EXIT.environment ? 'not run: ' : ''
    process.stderr.write(`\n${outcome}${error.message}\n`)
    return { success: false }
  }
}
