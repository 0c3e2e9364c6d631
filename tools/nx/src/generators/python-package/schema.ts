import { z } from 'zod'

export const id = 'InterlockPythonPackage'
export const title = 'Creates a Python package'
export const schema: z.ZodObject<{ name: z.ZodString; directory: z.ZodOptional<z.ZodString> }, z.core.$strict> = z.strictObject({
  name: z
    .string()
    .describe('Name of the package: lower-case words, with dashes between them.')
    .meta({ $default: { $source: 'argv', index: 0 }, 'x-prompt': 'What is the name of the package?' }),
  directory: z
    .string()
    .optional()
    .describe('Directory that the package gets its own directory in. Where the workspace has its members when absent.'),
})
