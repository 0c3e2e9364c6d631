import type { Random } from '../random.ts'
import { fixture, subject } from './fixtures.ts'
import { generateCargo, generateMixed, generatePython, type Start } from './generate.ts'

const STARTS: readonly ((random: Random) => Start)[] = [
  generateMixed,
  () => fixture('everything'),
  generateCargo,
  generatePython,
  () => fixture('maturin-mixed'),
  generateMixed,
  // Only longer runs come this far: the files of other projects are no inputs of this project's tests.
  () => subject(),
  () => fixture('rust-only'),
  generateCargo,
  () => fixture('uv-workspace'),
]

/** The workspace with a number: generated ones and copies of fixtures take turns. */
export function startOf(workspace: number, random: Random): Start {
  const make = STARTS[workspace % STARTS.length]
  if (make === undefined) throw new RangeError('there is no workspace')
  return make(random)
}
