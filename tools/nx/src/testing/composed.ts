import type { ReaderResult } from '@interlock/kit'
import { closuresOf, readClosures, renderClosures } from '../core/closures.ts'
import { composeGraph } from '../core/compose.ts'
import type { ComposedGraph, WorkspaceFacts } from '../core/model.ts'
import { edge, lockedSlice, readerProject, readerResult, targetPlan } from './readers.ts'
import { workspaceFacts } from './selection.ts'

const lint = targetPlan({ command: ['cargo', 'fmt', '--check'], reads: 'project' })

/** a <- b, a <- d (dev), c alone, in Rust; pa alone and pw -> wheel of a in Python. */
export const cargo: ReaderResult = readerResult('cargo', [
  readerProject('crates/a', { lock: lockedSlice('cargo', ['itoa 1']), targets: { test: targetPlan(), format: lint } }),
  readerProject('crates/b', { lock: lockedSlice('cargo', ['itoa 1']), dependencies: [edge('crates/a')] }),
  readerProject('crates/c', { lock: lockedSlice('cargo', ['hex 1']) }),
  readerProject('crates/d', {
    lock: lockedSlice('cargo', ['itoa 1', 'base64 1']),
    dependencies: [edge('crates/a', { kind: 'dev' })],
  }),
])
export const python: ReaderResult = readerResult('python', [
  readerProject('py/pa', { ecosystem: 'python', lock: lockedSlice('python', ['packaging 1']) }),
  readerProject('py/pw', { ecosystem: 'python', lock: lockedSlice('python', ['attrs 1']), dependencies: [edge('crates/a')] }),
])
export const results: readonly ReaderResult[] = [cargo, python]

/** The table of closures as `nx sync` would write it now. */
export function fresh(of: readonly ReaderResult[]): WorkspaceFacts['closures'] {
  return readClosures(renderClosures(closuresOf(of, ['crates', 'py'])))
}

/** The graph of these projects; the table of closures is fresh unless the facts say otherwise. */
export function compose(given: Partial<WorkspaceFacts> = {}, of: readonly ReaderResult[] = results): ComposedGraph {
  return composeGraph({ results: of, facts: workspaceFacts({ closures: fresh(of), ...given }) })
}

export const RUST: readonly string[] = ['crates/a:format', 'crates/a:test', 'crates/b:test', 'crates/c:test', 'crates/d:test']
export const PYTHON: readonly string[] = ['py/pa:test', 'py/pw:test']
export const ALL: readonly string[] = [...RUST, ...PYTHON]
