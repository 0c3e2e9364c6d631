import { z } from 'zod'
import { type CommandOptions, commandOptions } from '../command-schema.ts'

export const title = 'Builds binaries with Cargo and copies them'
export interface CargoBuildOptions extends CommandOptions {
  readonly binaries: readonly string[]
  readonly outputPath: string
}

export const schema: z.ZodType<CargoBuildOptions> = z.strictObject({
  ...commandOptions,
  binaries: z.array(z.string()).min(1).describe('Names of the binaries that the build must give.'),
  outputPath: z.string().describe('Folder for the binaries, relative to the workspace.'),
})
