import { z } from 'zod'
import { type CommandOptions, commandOptions } from '../command-schema.ts'

export const title = 'Runs a command without a shell'
export const schema: z.ZodType<CommandOptions> = z.strictObject(commandOptions)
