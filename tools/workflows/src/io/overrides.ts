import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CONFIG_FILE, parseConfig } from '@interlock/kit'
import { z } from 'zod'
import { pinOverridesSchema, type PinOverrides } from '../core/pipeline/pin-overrides.ts'

const SECTIONS = { ci: z.looseObject({ pins: pinOverridesSchema.default({}) }), graph: z.unknown() }

/** `ci.pins` of interlock.yaml. Throws `CONFIG_INVALID`, with the place, for what is no pin. */
export function pinOverrides(root: string): PinOverrides {
  return parseConfig(configText(root), SECTIONS).ci.pins
}

/** The text of interlock.yaml; `undefined` when there is none. */
export function configText(root: string): string | undefined {
  const path = join(root, CONFIG_FILE)
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined
}
