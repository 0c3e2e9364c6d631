import { z } from 'zod'

interface Shape {
  readonly properties?: Readonly<Record<string, Shape>>
  readonly items?: Shape
  readonly additionalProperties?: Shape | boolean
}

/** The keys that a schema knows at a path; empty where it takes any, or nothing. */
export function knownKeys(schema: z.ZodType, path: readonly (string | number)[]): readonly string[] {
  let shape: Shape | undefined = z.toJSONSchema(schema, { io: 'input', target: 'draft-7', unrepresentable: 'any' }) as Shape
  for (const part of path) shape = typeof part === 'number' ? shape?.items : (shape?.properties?.[part] ?? others(shape))
  return Object.keys(shape?.properties ?? {})
}

function others(shape: Shape | undefined): Shape | undefined {
  return typeof shape?.additionalProperties === 'object' ? shape.additionalProperties : undefined
}
