import type { PlainFile } from '../model/types.ts'
import type { PipelineFacts } from './facts.ts'

/** What decides about everything else. */
const GUARDED = [
  '/.github/',
  '/interlock.yaml',
  '/nx.json',
  '/package-lock.json',
  '/Cargo.lock',
  '/uv.lock',
  '/requirements.lock',
  '/deny.toml',
  '/SECURITY.md',
]

/**
 * The owners of the code, where interlock.yaml names them. The last line that matches a file decides, and any owner of a
 * line may approve: so the guarded lines name nobody else.
 */
export function codeOwners({ section: { owners }, rootFiles }: PipelineFacts): PlainFile[] {
  if (owners === undefined) return []
  const guarded = GUARDED.filter((path) => path.endsWith('/') || rootFiles.includes(path.slice(1)))
  const lines = [`* ${owners.everything.join(' ')}`, ...guarded.map((path) => `${path} ${owners.security.join(' ')}`)]
  return [{ path: '.github/CODEOWNERS', body: `${lines.join('\n')}\n` }]
}
