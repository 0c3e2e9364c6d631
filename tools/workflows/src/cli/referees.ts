import type { Invocation, Outcome } from '@interlock/cli'
import { annotation } from '@interlock/kit'
import { type RefereeVerdict, statusOf } from '../core/referees/verdict.ts'
import type { Finding } from '../core/referees/types.ts'
import { runReferees } from '../io/referees/run.ts'

/** `interlock ci referees`: what tools that were not written here say of the workflows. */
export async function runCiReferees({ root, env }: Invocation): Promise<Outcome> {
  const verdicts = await runReferees(root, env)
  const status = statusOf(verdicts)
  return { status, prose: proseOf(verdicts, env), data: { clean: status === 0, referees: verdicts.map(dataOf) } }
}

function proseOf(verdicts: readonly RefereeVerdict[], env: Invocation['env']): string {
  const annotations = verdicts.flatMap((verdict) =>
    [...verdict.findings.map(sentenceOf), ...(verdict.outcome === 'not run' ? [`not run: ${verdict.reason ?? ''}`] : [])].flatMap(
      (message) => annotation(env, 'error', { title: verdict.name, message }),
    ),
  )
  const hints = verdicts.flatMap(({ hint }) => (hint === undefined ? [] : [`hint: ${hint}`]))
  return [...verdicts.flatMap(linesOf), ...annotations, ...(hints.length === 0 ? [] : ['', ...hints])].join('\n')
}

function linesOf(verdict: RefereeVerdict): string[] {
  const { name, version, outcome, reason, files, findings } = verdict
  const count = `${files} ${files === 1 ? 'file' : 'files'}`
  const said = outcome === 'findings' ? `${findings.length} in ${count}` : outcome === 'clean' ? count : (reason ?? '')
  return [
    `${outcome.padEnd(8)}  ${name} ${version}: ${said}`,
    ...findings.map((finding) => `            ${sentenceOf(finding)}`),
    ...exceptionLines(verdict).map((line) => `            ${line}`),
  ]
}

function exceptionLines({ excepted }: RefereeVerdict): string[] {
  const exceptions = new Set(excepted.map(({ exception }) => exception))
  return [...exceptions].map((exception) => {
    const times = excepted.filter((one) => one.exception === exception).length
    return `${times} not counted: ${exception.reason}; until ${exception.until}`
  })
}

function sentenceOf({ file, line, rule, message }: Finding): string {
  return `${line === undefined ? file : `${file}:${line}`}: ${message} [${rule}]`
}

function dataOf({ excepted, ...verdict }: RefereeVerdict): object {
  return {
    ...verdict,
    excepted: excepted.map(({ finding, exception: { reason, until } }) => ({ ...finding, reason, until })),
  }
}
