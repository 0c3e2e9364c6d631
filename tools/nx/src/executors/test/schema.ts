import { z } from 'zod'
import type { TestRunner } from '../../core/test-counts.ts'
import { type CommandOptions, commandOptions } from '../command-schema.ts'

export const title = 'Runs tests and counts them'
export interface TestOptions extends CommandOptions {
  readonly runner: TestRunner
  readonly allowNoTests: boolean
  readonly report?: string | undefined
}

export const schema: z.ZodType<TestOptions> = z.strictObject({
  ...commandOptions,
  runner: z.enum(['cargo', 'nextest', 'pytest', 'vitest']).describe('Whose summary says how many tests ran.'),
  allowNoTests: z.boolean().default(false).describe('Whether a run of zero tests is a success.'),
  report: z.string().optional().describe('A file that the run must write, relative to the workspace.'),
})
