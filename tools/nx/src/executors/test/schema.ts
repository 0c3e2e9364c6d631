import { z } from 'zod'
import { commandOptions } from '../command-schema.ts'

export const title = 'Runs tests and counts them'
export const schema = z.strictObject({
  ...commandOptions,
  runner: z.enum(['cargo', 'nextest', 'pytest', 'vitest']).describe('Whose summary says how many tests ran.'),
  allowNoTests: z.boolean().default(false).describe('Whether a run of zero tests is a success.'),
})
