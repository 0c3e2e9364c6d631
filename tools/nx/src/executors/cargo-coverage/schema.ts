import { z } from 'zod'
import { type CommandOptions, commandOptions } from '../command-schema.ts'

export const title = 'Measures what the tests of a crate cover'
export interface CargoCoverageOptions extends CommandOptions {
  readonly runner: 'cargo' | 'nextest'
  readonly allowNoTests: boolean
  readonly report: string
  readonly minimumCoverage: number
}

export const schema: z.ZodType<CargoCoverageOptions> = z.strictObject({
  ...commandOptions,
  runner: z.enum(['cargo', 'nextest']).describe('Whose summary says how many tests ran.'),
  allowNoTests: z.boolean().default(false).describe('Whether a run of zero tests is a success.'),
  report: z.string().describe('The file that the run must write, relative to the workspace.'),
  minimumCoverage: z.number().min(0).max(100).default(0).describe('Percent of the lines that the tests must run.'),
})
