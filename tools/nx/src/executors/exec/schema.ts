import { z } from 'zod'
import { commandOptions } from '../command-schema.ts'

export const title = 'Runs a command without a shell'
export const schema = z.strictObject(commandOptions)
