import type { Invocation, Outcome } from '@interlock/cli'
import { EXIT } from '@interlock/kit'
import { runAffected } from '@interlock/nx'
import { type GpuVerdict, judgeGpu } from '../core/gpu.ts'
import { readGpu } from '../io/gpu.ts'

/** `interlock ci gpu`: what `interlock affected` does, on a machine that was found fit for it. Exit 6 on any other. */
export async function runGpu(invocation: Invocation): Promise<Outcome> {
  const verdict = judgeGpu(await readGpu())
  if (verdict.missing.length > 0) {
    const prose = ['this machine is not fit, so nothing ran. Missing:', ...verdict.missing.map((line) => `  ${line}`)].join('\n')
    return { status: EXIT.environment, prose, data: { machine: verdict } }
  }
  if (!invocation.json) process.stdout.write(`${machineText(verdict)}\n`)
  const outcome = await runAffected(invocation)
  return { ...outcome, data: { machine: verdict, run: outcome.data } }
}

function machineText({ gpus, cuda }: GpuVerdict): string {
  return [...gpus.map(({ name, driver, memory }) => `${name}, driver ${driver}, ${memory} MiB`), `CUDA ${cuda}`].join('\n')
}
