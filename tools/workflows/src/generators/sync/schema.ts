import { z } from 'zod'

export const title = 'Writes the workflows of CI'
export const schema: z.ZodType<Record<string, never>> = z.strictObject({})
