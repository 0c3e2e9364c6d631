import type { Edit, EditContext, EditKind } from '../edit.ts'
import type { Random } from '../random.ts'
import { surveyOf } from '../survey.ts'
import { CARGO_EDITS } from './cargo.ts'
import { CARGO_ROOT_EDITS } from './cargo-root.ts'
import { FILE_EDITS } from './files.ts'
import { PYTHON_EDITS } from './python.ts'
import { STRUCTURE_EDITS } from './structure.ts'

/** The kind whose commits must stay as they are: a sync would repair them. */
export const DAMAGE = 'damaged closures.json'

/** The kind of any edit whose base has a closures.json that nobody brought up to date. */
export const STALE = 'edit after a stale base'

const SINGLE: readonly EditKind[] = [...FILE_EDITS, ...CARGO_EDITS, ...CARGO_ROOT_EDITS, ...PYTHON_EDITS, ...STRUCTURE_EDITS]

const pair: EditKind['change'] = async (context) => {
  const first = await drawKind(SINGLE, context.random).change(context)
  const survey = await surveyOf(context.sandbox)
  const second = await drawKind(SINGLE, context.random).change({ ...context, survey, serial: context.serial + 1 })
  if (first === undefined || second === undefined) return undefined
  const wide = [first.wide ?? 'none', second.wide ?? 'none'].filter((value) => value !== 'none')
  return {
    description: `${first.description}, and ${second.description}`,
    wide: new Set(wide).size > 1 ? 'all' : (wide[0] ?? 'none'),
  }
}

/** Everything as it was some commits ago, in a new commit. */
const revert: EditKind['change'] = async ({ sandbox, random }) => {
  const depth = 1 + random.below(6)
  const past = (await sandbox.output('git', 'rev-list', `--max-count=${depth + 1}`, 'HEAD')).trim().split('\n')
  if (past.length <= depth) return undefined
  await sandbox.output('git', 'read-tree', '--reset', '-u', past.at(-1) ?? '')
  await sandbox.output('git', 'checkout', 'HEAD', '--', 'closures.json')
  return { description: `everything as ${depth} commits ago` }
}

/** What a bad merge leaves; the locks did not change, so nothing has to run. */
const damage: EditKind['change'] = async ({ sandbox, random }) => {
  if (!(await sandbox.exists('closures.json'))) return undefined
  const text = await sandbox.read('closures.json')
  const [first = ''] = text.split('\n').slice(1)
  const damaged = random.pick([`<<<<<<< HEAD\n${text}`, text.replace(first, `${first}\n${first}`), '[]\n', ''])
  if (damaged === text) return undefined
  await sandbox.write('closures.json', damaged)
  return { description: 'closures.json damaged' }
}

const KINDS: readonly EditKind[] = [
  ...SINGLE,
  { kind: 'two edits in one commit', weight: 4, change: pair },
  { kind: 'revert', weight: 4, change: revert },
  { kind: DAMAGE, weight: 1, change: damage },
]

/** Every kind that can be drawn. */
export const KIND_NAMES: readonly string[] = KINDS.map(({ kind }) => kind)

/** Every sixth edit is of the next kind in the list, so that rare kinds have their turn in a run of some hundred. */
const TURN = 6

export async function drawEdit(context: EditContext): Promise<Edit | undefined> {
  const { kind, change } = kindInTurn(context.turn) ?? drawKind(KINDS, context.random)
  const done = await change(context)
  return done === undefined ? undefined : { wide: 'none', ...done, kind }
}

function kindInTurn(turn: number): EditKind | undefined {
  return turn % TURN === 0 ? KINDS[(turn / TURN) % KINDS.length] : undefined
}

function drawKind(kinds: readonly EditKind[], random: Random): EditKind {
  const total = kinds.reduce((sum, { weight }) => sum + weight, 0)
  let ticket = random.below(total)
  for (const kind of kinds) {
    ticket -= kind.weight
    if (ticket < 0) return kind
  }
  throw new RangeError('there is no kind of edit')
}
