import type { Invocation, Outcome } from '@interlock/cli'
import { EXIT, InterlockError } from '@interlock/kit'
import { runLint } from './lint.ts'
import { runPins } from './pins.ts'
import { runCiReferees } from './referees.ts'

const PARTS = [
  { name: 'ci lint', run: runLint, options: {} },
  { name: 'ci pins --check', run: runPins, options: { check: true } },
  { name: 'ci referees', run: runCiReferees, options: {} },
] as const

/** `interlock ci policy`: everything that judges the workflows. Each part runs, whatever became of the others. */
export async function runPolicy(invocation: Invocation): Promise<Outcome> {
  const outcomes: { readonly name: string; readonly outcome: Outcome }[] = []
  for (const { name, run, options } of PARTS) outcomes.push({ name, outcome: await outcomeOf(run, { ...invocation, options }) })
  return {
    status: worst(outcomes.map(({ outcome }) => outcome.status)),
    prose: outcomes.map(({ name, outcome }) => `${name}\n\n${outcome.prose}`).join('\n\n'),
    data: Object.fromEntries(
      outcomes.map(({ name, outcome }) => [name, { status: outcome.status, ...(outcome.data as object) }]),
    ),
  }
}

async function outcomeOf(run: (typeof PARTS)[number]['run'], invocation: Invocation): Promise<Outcome> {
  try {
    return await run(invocation)
  } catch (error) {
    if (!(error instanceof InterlockError)) throw error
    const { exitStatus: status, message, code, reason } = error
    return { status, prose: message, data: { error: { code, reason } } }
  }
}

/** A finding is the worst that can be said; what was not looked at is never better than what was. */
function worst(statuses: readonly number[]): number {
  return statuses.includes(EXIT.checkFailed) ? EXIT.checkFailed : Math.max(...statuses)
}
