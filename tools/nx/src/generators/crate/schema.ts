import { z } from 'zod'

export const id = 'InterlockCrate'
export const title = 'Creates a Rust crate'
export const schema: z.ZodObject<
  { name: z.ZodString; directory: z.ZodOptional<z.ZodString>; bin: z.ZodDefault<z.ZodBoolean> },
  z.core.$strict
> = z.strictObject({
  name: z
    .string()
    .describe('Name of the crate: lower-case words, with dashes between them.')
    .meta({ $default: { $source: 'argv', index: 0 }, 'x-prompt': 'What is the name of the crate?' }),
  directory: z
    .string()
    .optional()
    .describe('Directory that the crate gets its own directory in. Where the workspace has its members when absent.'),
  bin: z.boolean().default(false).describe('A program instead of a library.'),
})
