import { runProcess } from '@interlock/kit'

/** The directory that Cargo writes to, wherever a variable or a file has put it; `undefined` when Cargo does not answer. */
export async function cargoTargetDirectory(cwd: string): Promise<string | undefined> {
  const command = ['cargo', 'metadata', '--no-deps', '--format-version=1']
  const result = await runProcess(command, { cwd, maxOutputBytes: 1 << 29 })
  if (result.kind !== 'exited' || result.status !== 0) return undefined
  return (JSON.parse(result.stdout) as { readonly target_directory: string }).target_directory
}
