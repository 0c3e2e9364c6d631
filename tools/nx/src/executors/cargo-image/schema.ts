import { z } from 'zod'

export const title = 'Builds an OCI image of a binary without a container engine'
export interface CargoImageOptions {
  readonly program: string
  readonly outputPath: string
  readonly name: string
  readonly version: string
  readonly description?: string | undefined
  readonly licences?: string | undefined
  readonly arguments: readonly string[]
  readonly ports: readonly number[]
}

export const schema: z.ZodType<CargoImageOptions> = z.strictObject({
  program: z.string().describe('The binary, relative to the workspace.'),
  outputPath: z.string().describe('Folder of the image layout, relative to the workspace.'),
  name: z.string().min(1).describe('File name of the program in the image, and the title of the image.'),
  version: z.string().describe('Version of the image.'),
  description: z.string().optional().describe('What the program is.'),
  licences: z.string().optional().describe('SPDX expression of the licences that the program is under.'),
  arguments: z.array(z.string()).default([]).describe('What the program is started with when nothing else is said.'),
  ports: z.array(z.int().min(1).max(65535)).default([]).describe('TCP ports that the program listens on.'),
})
