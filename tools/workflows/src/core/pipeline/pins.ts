import type { Pin, Sha } from '../model/types.ts'

/** The commits were read from the tags of the repositories' own histories. */
const REVIEWED = '2026-11-23, in a clone'

/** Every third-party action that a workflow may use. */
export const PINS: Readonly<Record<'checkout' | 'setupNode' | 'setupPython', Pin>> = {
  checkout: pin('actions/checkout', 'v7.0.1', '3d3c42e5aac5ba805825da76410c181273ba90b1'),
  setupNode: pin('actions/setup-node', 'v7.0.0', '820762786026740c76f36085b0efc47a31fe5020'),
  setupPython: pin('actions/setup-python', 'v7.0.0', '5fda3b95a4ea91299a34e894583c3862153e4b97'),
}

function pin(repository: string, version: string, sha: string): Pin {
  return { repository, version, sha: sha as Sha, runtime: 'node24', reviewed: REVIEWED }
}
