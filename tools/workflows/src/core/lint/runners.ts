import { listOf, type Value, valueAt } from './value.ts'

/** Every label that a job asks for, in its lists and groups. */
export function labelsOf(machine: Value): readonly Value[] {
  return machine.kind === 'map' ? listOf(valueAt(machine, 'labels')) : listOf(machine)
}

/** Whether the machine is said to be one that GitHub does not own. */
export function isSelfHosted(machine: Value): boolean {
  return labelsOf(machine).some(({ text }) => text.toLowerCase() === 'self-hosted')
}

/** Images of GitHub's own machines that exist, without `latest`. */
export const IMAGES: ReadonlySet<string> = new Set([
  'macos-14',
  'macos-14-large',
  'macos-14-xlarge',
  'macos-15',
  'macos-15-intel',
  'macos-15-large',
  'macos-15-xlarge',
  'macos-26',
  'macos-26-intel',
  'macos-26-large',
  'macos-26-xlarge',
  'ubuntu-22.04',
  'ubuntu-22.04-arm',
  'ubuntu-24.04',
  'ubuntu-24.04-arm',
  'ubuntu-26.04',
  'ubuntu-26.04-arm',
  'ubuntu-slim',
  'windows-11-arm',
  'windows-2022',
  'windows-2025',
  'windows-2025-vs2026',
])
