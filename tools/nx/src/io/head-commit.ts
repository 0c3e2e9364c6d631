import { isRepository, resolveCommit } from './git.ts'

/** The full id of the commit that is checked out; `undefined` where there is none. */
export async function headCommit(root: string): Promise<string | undefined> {
  return (await isRepository(root)) ? resolveCommit(root, 'HEAD') : undefined
}
