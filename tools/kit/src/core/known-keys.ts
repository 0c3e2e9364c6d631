import { z } from 'zod'

interface Shape {
  readonly properties?: Readonly<Record<string, Shape>>
  readonly items?: Shape
  readonly additionalProperties?: Shape | boolean
  readonly anyOf?: readonly Shape[]
  readonly oneOf?: readonly Shape[]
}

/** The keys that a schema knows at a path, in any of its alternatives; empty where it takes any, or nothing. */
export function knownKeys(schema: z.ZodType, path: readonly (string | number)[]): readonly string[] {
  const whole = z.toJSONSchema(schema, { io: 'input', target: 'draft-7', unrepresentable: 'any' }) as Shape
  let shapes = alternatives(whole)
  for (const part of path) shapes = shapes.flatMap((shape) => innerOf(shape, part))
  return [...new Set(shapes.flatMap((shape) => Object.keys(shape.properties ?? {})))]
}

function innerOf(shape: Shape, part: string | number): readonly Shape[] {
  const inner = typeof part === 'number' ? shape.items : (shape.properties?.[part] ?? shape.additionalProperties)
  return typeof inner === 'object' ? alternatives(inner) : []
}

function alternatives(shape: Shape): readonly Shape[] {
  return [shape, ...[...(shape.anyOf ?? []), ...(shape.oneOf ?? [])].flatMap(alternatives)]
}
