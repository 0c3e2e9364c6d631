import type { ReaderOptions } from '@interlock/kit'
import { z } from 'zod'

/** Options of `@interlock/nx/plugin` in nx.json, with every default filled in. */
export interface PluginOptions {
  readonly targets: Readonly<Record<string, string | false>>
  readonly cargo: { readonly testRunner: 'cargo' | 'nextest' }
  readonly python: { readonly versions: readonly string[] }
  readonly allowNoTests: readonly string[]
}

export const pluginOptions: z.ZodType<PluginOptions> = z.strictObject({
  targets: z
    .record(z.string(), z.union([z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/), z.literal(false)]))
    .default({})
    .describe('Another name for a target (`{"test": "unit"}`), or `false` to leave it out.'),
  cargo: z
    .strictObject({
      testRunner: z.enum(['cargo', 'nextest']).default('cargo').describe('What runs the tests of Rust projects.'),
    })
    .prefault({}),
  python: z
    .strictObject({
      versions: z
        .array(z.string().regex(/^3\.\d+$/))
        .default(['3.9', '3.10', '3.11', '3.12'])
        .describe('Interpreters of the `test-py…` targets.'),
    })
    .prefault({}),
  allowNoTests: z.array(z.string()).default([]).describe('Names or directories of projects whose test run may be empty.'),
})

/** The section `graph` of interlock.yaml, with every default filled in. */
export interface GraphSection {
  readonly irrelevant: readonly string[]
  readonly allowNoTests: readonly string[]
}

export const graphSection: z.ZodType<GraphSection> = z.strictObject({
  irrelevant: z
    .array(z.string().min(1))
    .default([])
    .describe('Globs of files outside projects that no task reads. A change of them runs nothing.'),
  allowNoTests: z.array(z.string()).default([]).describe('Names or directories of projects whose test run may be empty.'),
})

export function readerOptions(options: PluginOptions, section: GraphSection): ReaderOptions {
  return {
    targets: options.targets,
    cargoTestRunner: options.cargo.testRunner,
    pythonVersions: options.python.versions,
    allowNoTests: [...options.allowNoTests, ...section.allowNoTests],
  }
}
