import { z } from 'zod'

export const title = 'Starts the program of an OCI image in its root file system and asks it'
export interface CargoImageTryOptions {
  readonly image: string
  readonly arguments: readonly string[]
  readonly path: string
}

export const schema: z.ZodType<CargoImageTryOptions> = z.strictObject({
  image: z.string().describe('Folder of the image layout, relative to the workspace.'),
  arguments: z
    .array(z.string())
    .default([])
    .describe('What the program is started with: it listens on loop-back and prints {"listening":"address"} first.'),
  path: z.string().startsWith('/').describe('What the program is asked for by HTTP; any status of success will do.'),
})
