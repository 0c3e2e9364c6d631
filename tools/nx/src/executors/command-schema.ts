import { z } from 'zod'

/** Options that every executor of a command shares, with every default filled in. */
export interface CommandOptions {
  readonly command: readonly string[]
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
}

interface CommandShape {
  readonly command: z.ZodType<readonly string[]>
  readonly cwd: z.ZodDefault<z.ZodString>
  readonly env: z.ZodDefault<z.ZodRecord<z.ZodString, z.ZodString>>
}

export const commandOptions: CommandShape = {
  command: z.array(z.string()).min(1).describe('The program and its arguments, one word each. No shell reads them.'),
  cwd: z.string().default('.').describe('Directory to run in, relative to the workspace.'),
  env: z.record(z.string(), z.string()).default({}).describe("Added to the caller's environment, which is kept."),
}
