import { z } from 'zod'

/** Options that every executor of a command shares. */
export const commandOptions = {
  command: z.array(z.string()).min(1).describe('The program and its arguments, one word each. No shell reads them.'),
  cwd: z.string().default('.').describe('Directory to run in, relative to the workspace.'),
  env: z.record(z.string(), z.string()).default({}).describe("Added to the caller's environment, which is kept."),
}
