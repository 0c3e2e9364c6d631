import type { Change, EditContext, EditKind } from '../edit.ts'
import { ownerOf } from '../survey.ts'

const SOURCE = /\.(rs|py)$/
/** Without these a manifest is refused, or means something else. */
const FIXED = /(^|\/)(Cargo\.(toml|lock)|pyproject\.toml|uv\.lock|package\.json|README\.md|lib\.rs|main\.rs|__init__\.py)$/

const source: Change = async ({ sandbox, random, serial, survey }) => {
  const file = random.pick(survey.files.filter((path) => SOURCE.test(path) && ownerOf(path, survey) !== undefined))
  const comment = file.endsWith('.rs') ? '//' : '#'
  await sandbox.write(file, `${await sandbox.read(file)}${comment} ${serial}\n`)
  return { description: `line in ${file}` }
}

const newFile: Change = async ({ sandbox, random, serial, survey }) => {
  const { directory, language } = random.pick(survey.members)
  const file = `${directory}/tests/test_${serial}.${language === 'rust' ? 'rs' : 'py'}`
  await sandbox.write(file, `${language === 'rust' ? '//' : '#'} ${serial}\n`)
  return { description: `new ${file}` }
}

const deletion: Change = async (context) => {
  const file = looseFile(context)
  if (file === undefined) return undefined
  await context.sandbox.remove(file)
  return { description: `deletion of ${file}` }
}

const rename: Change = async (context) => {
  const file = looseFile(context)
  if (file === undefined) return undefined
  const renamed = file.replace(/([^/]+)$/, `r${context.serial}_$1`)
  await context.sandbox.move(file, renamed)
  return { description: `${file} renamed to ${renamed}` }
}

const binary: Change = async ({ sandbox, random, serial, survey }) => {
  const file = `${random.pick(survey.members).directory}/data/blob-${random.below(3)}.bin`
  await sandbox.writeBytes(file, Uint8Array.from([0, 255, 254, serial % 256, random.below(256), random.below(256)]))
  return { description: `bytes of ${file}` }
}

const lineEndings: Change = async ({ sandbox, random, survey }) => {
  const file = random.pick(survey.files.filter((path) => SOURCE.test(path) && ownerOf(path, survey) !== undefined))
  const text = await sandbox.read(file)
  if (!text.includes('\n')) return undefined
  await sandbox.write(file, text.includes('\r\n') ? text.replaceAll('\r\n', '\n') : text.replaceAll('\n', '\r\n'))
  return { description: `line endings of ${file}` }
}

const manifestEndings: Change = async ({ sandbox, random, survey }) => {
  const { manifest } = random.pick(survey.members)
  const text = await sandbox.read(manifest)
  await sandbox.write(manifest, text.includes('\r\n') ? text.replaceAll('\r\n', '\n') : text.replaceAll('\n', '\r\n'))
  return { description: `line endings of ${manifest}` }
}

/** No tool declares these files, so nobody knows what reads them. */
const unknownRoot: Change = async ({ sandbox, random, serial }) => {
  const file = random.pick(['Makefile', 'scripts/check.sh', 'settings.env', 'data/table.csv'])
  await sandbox.write(file, `serial ${serial}\n`)
  return { description: `unknown root file ${file}`, wide: 'all' }
}

const harmless: Change = async ({ sandbox, random, serial }) => {
  const file = random.pick(['NOTES.md', '.github/labels.yml', 'notes/today.md'])
  await sandbox.write(file, `# Note ${serial}\n`)
  return { description: `harmless ${file}` }
}

/** Cargo does not print its configuration, but every compilation obeys it. */
const cargoConfiguration: Change = async ({ sandbox, serial, survey }) => {
  if (!survey.members.some(({ language }) => language === 'rust')) return undefined
  await sandbox.write('.cargo/config.toml', `[env]\nSOUNDNESS_SERIAL = "${serial}"\n`)
  return { description: '.cargo/config.toml', wide: 'rust' }
}

/** uv does not know pytest's configuration, but every test run below it does. */
const pytestConfiguration: Change = async ({ sandbox, serial, survey }) => {
  if (!survey.members.some(({ language }) => language === 'python')) return undefined
  await sandbox.write('pytest.ini', `[pytest]\n# ${serial}\naddopts = -q\n`)
  return { description: 'root pytest.ini', wide: 'python' }
}

export const FILE_EDITS: readonly EditKind[] = [
  { kind: 'source', weight: 10, change: source },
  { kind: 'new file', weight: 3, change: newFile },
  { kind: 'file deletion', weight: 3, change: deletion },
  { kind: 'file rename', weight: 3, change: rename },
  { kind: 'binary file', weight: 3, change: binary },
  { kind: 'line endings of a source', weight: 2, change: lineEndings },
  { kind: 'line endings of a manifest', weight: 1, change: manifestEndings },
  { kind: 'unknown root file', weight: 3, change: unknownRoot },
  { kind: 'harmless file', weight: 2, change: harmless },
  { kind: '.cargo/config.toml', weight: 2, change: cargoConfiguration },
  { kind: 'pytest.ini', weight: 2, change: pytestConfiguration },
]

function looseFile({ random, survey }: EditContext): string | undefined {
  const loose = survey.files.filter((path) => !FIXED.test(path) && ownerOf(path, survey) !== undefined)
  return loose.length === 0 ? undefined : random.pick(loose)
}
