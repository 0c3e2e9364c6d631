import { z } from 'zod'

export const id = 'InterlockInit'
export const title = 'Adds Interlock to a repository'
export const schema: z.ZodObject<{ undo: z.ZodDefault<z.ZodBoolean> }, z.core.$strict> = z.strictObject({
  undo: z.boolean().default(false).describe('Take back what init did in this clone. Edits made elsewhere in the files are kept.'),
})
