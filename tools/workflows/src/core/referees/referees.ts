import { act } from './act.ts'
import { actionlint } from './actionlint.ts'
import { checkJsonschema } from './check-jsonschema.ts'
import type { Referee } from './types.ts'
import { zizmor } from './zizmor.ts'

/** Every referee that judges files. */
export const REFEREES: readonly Referee[] = [zizmor, actionlint, checkJsonschema, act]
