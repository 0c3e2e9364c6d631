import type { Invocation, Outcome } from '@interlock/cli'
import { EXIT } from '@interlock/kit'
import { diagnose, renderFindings } from '../core/doctor.ts'
import { collectDoctorFacts } from './doctor-facts.ts'

/** `interlock doctor`: collects the facts once, applies every rule, and fails when one of them found an error. */
export async function runDoctor({ root, env }: Invocation): Promise<Outcome> {
  const findings = diagnose(await collectDoctorFacts(root, env))
  const failed = findings.some((finding) => finding.severity === 'error')
  return { status: failed ? EXIT.checkFailed : EXIT.done, prose: renderFindings(findings), data: { ok: !failed, findings } }
}
