import { runOk } from '@interlock/kit'
import type { GpuReading } from '../core/gpu.ts'

const TIMEOUT_MS = 60_000

/** Asks the driver. Throws `TOOL_MISSING`, `PROCESS_FAILED` or `PROCESS_TIMED_OUT` where it does not answer. */
export async function readGpu(): Promise<GpuReading> {
  const hint = 'run it on a machine with an NVIDIA GPU and its driver'
  const overview = await runOk(['nvidia-smi'], { timeoutMs: TIMEOUT_MS, hint })
  const query = ['nvidia-smi', '--query-gpu=name,driver_version,memory.total', '--format=csv,noheader,nounits']
  const listing = await runOk(query, { timeoutMs: TIMEOUT_MS, hint })
  return { overview: overview.stdout, listing: listing.stdout }
}
