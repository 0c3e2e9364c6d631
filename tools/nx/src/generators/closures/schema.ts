import { z } from 'zod'

export const title = 'Writes closures.json'
export const schema: z.ZodType<Record<string, never>> = z.strictObject({})
