import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Invocation, Outcome } from '@interlock/cli'
import { annotation, EXIT, InterlockError } from '@interlock/kit'
import { headCommit } from '@interlock/nx'
import { type GateVerdict, judgeRun } from '../core/gate.ts'
import { expectedBy, parseNeeds } from '../core/needs.ts'
import { addSummary, tableRow } from '../io/github.ts'

/** Where a workflow puts `toJSON(needs)`. */
const VARIABLE = 'INTERLOCK_NEEDS'

/** `interlock ci gate`: the one check that a branch requires. Exit 5 when it is red. */
export async function runGate(invocation: Invocation): Promise<Outcome> {
  const planJob = planJobOf(invocation)
  const { text, from } = needsText(invocation)
  const needs = parseNeeds(text, from)
  const expected = planJob === undefined ? undefined : expectedBy(needs, planJob)
  const verdict = judgeRun({ needs, planJob, expected, commit: await headCommit(invocation.root) })
  addSummary(invocation.env, summaryOf(verdict))
  return { status: verdict.green ? EXIT.done : EXIT.refused, prose: proseOf(verdict, invocation), data: verdict }
}

function needsText({ root, options, env }: Invocation): { readonly text: string; readonly from: string } {
  const file = options['needs']
  if (typeof file === 'string') return { text: readNeeds(resolve(root, file), file), from: file }
  const text = env[VARIABLE]
  if (text !== undefined && text.trim() !== '') return { text, from: VARIABLE }
  throw new InterlockError('CONFIG_INVALID', `${VARIABLE} is ${text === undefined ? 'not set' : 'empty'}: no result is known`, {
    hint: 'set it to toJSON(needs) in the job of the gate, or name a file with --needs',
  })
}

function readNeeds(path: string, shown: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new InterlockError('FILE_UNREADABLE', `cannot be read (${(cause as NodeJS.ErrnoException).code ?? 'unknown reason'})`, {
      file: shown,
      cause,
    })
  }
}

function planJobOf({ options }: Invocation): string | undefined {
  const named = typeof options['planJob'] === 'string' ? options['planJob'] : undefined
  if (options['plan'] !== false) return named ?? 'plan'
  if (named === undefined) return undefined
  throw new InterlockError('USAGE', `--no-plan says that no job planned the run, and --plan-job that ${named} did`, {
    hint: 'leave one of them out',
  })
}

function proseOf({ green, jobs }: GateVerdict, { env }: Invocation): string {
  const lines = jobs.map((job) => `${job.green ? 'green' : 'red  '}  ${job.job} ${job.sentence}`)
  const bad = jobs.filter((job) => !job.green)
  const annotations = bad.flatMap(({ job, sentence }) =>
    annotation(env, 'error', { title: 'gate', message: `${job} ${sentence}` }),
  )
  return [
    ...lines,
    ...annotations,
    green ? `gate: green, ${count(jobs.length)}` : `gate: red, ${bad.length} of ${count(jobs.length)}`,
  ].join('\n')
}

function count(jobs: number): string {
  return `${jobs} ${jobs === 1 ? 'job' : 'jobs'}`
}

function summaryOf({ green, jobs }: GateVerdict): string {
  const rows = jobs.map((job) => tableRow([job.job, job.green ? 'green' : 'red', job.sentence]))
  return [`### Gate: ${green ? 'green' : 'red'}`, '', tableRow(['job', '', 'why']), '|---|---|---|', ...rows, ''].join('\n')
}
