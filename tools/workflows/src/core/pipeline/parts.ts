import { GATE } from '../gate.ts'
import type { HostedImage, OpenGrant, OpenJob, PlainStep, Value } from '../model/types.ts'
import { PINS } from './pins.ts'
import { PACKAGES_ONLY, SETUP } from './setup-action.ts'

/** The one permission of a job that only runs things. */
export const READ: readonly [OpenGrant] = [{ scope: 'contents', level: 'read', why: 'to check the commit out' }]

interface Ready {
  /** The commit; else the one that the event is about. */
  readonly ref?: Value
  /** Inputs of the set-up. */
  readonly inputs?: Readonly<Record<string, string>> | undefined
}

/** A machine with the commit and what it needs. A base that is not in the clone runs everything, so all history is fetched. */
export function ready({ ref, inputs }: Ready = {}): [PlainStep, PlainStep] {
  return [
    {
      kind: 'action',
      name: 'Checkout',
      pin: PINS.checkout,
      with: { ...(ref === undefined ? {} : { ref }), 'fetch-depth': '0', 'persist-credentials': 'false' },
    },
    { kind: 'local', name: 'Set up', action: SETUP, ...(inputs === undefined ? {} : { with: inputs }) },
  ]
}

interface CommandJob extends Pick<OpenJob, 'id' | 'timeoutMinutes' | 'purpose' | 'satisfies'> {
  readonly image: HostedImage
  readonly words: readonly [string, ...string[]]
  readonly env?: Readonly<Record<string, Value>>
  readonly grants?: readonly OpenGrant[]
  /** Inputs of the set-up. */
  readonly inputs?: Readonly<Record<string, string>> | undefined
  /** Outputs of the command that other jobs read. */
  readonly outputs?: readonly string[]
}

/** A job that makes a machine ready and types one command, which a person can type as well. */
export function commandJob({ image, words, env, outputs, inputs, grants = READ, ...job }: CommandJob): OpenJob {
  const id = outputs === undefined ? {} : { id: 'run' }
  return {
    ...job,
    trust: 'open',
    needs: [],
    machine: image,
    grants,
    ...(outputs === undefined
      ? {}
      : { outputs: Object.fromEntries(outputs.map((name) => [name, { expr: `steps.run.outputs.${name}` }])) }),
    steps: [...ready({ inputs }), { kind: 'command', ...id, name: job.purpose, words, ...(env === undefined ? {} : { env }) }],
  }
}

interface Gate {
  /** Name of the check; else `gate`, which only one workflow may have. */
  readonly title?: string
  readonly image: HostedImage
  readonly needs: readonly string[]
  /** Whether the workflow has a job that plans it. */
  readonly planned: boolean
  /** What has to hold besides that everything has ended. */
  readonly when?: string
}

/** The job that judges all others of its workflow: the one check that a branch requires. */
export function gateJob({ title, image, needs, planned, when }: Gate): OpenJob {
  return {
    id: GATE,
    ...(title === undefined ? {} : { title }),
    trust: 'open',
    needs,
    if: { expr: when === undefined ? 'always()' : `always() && (${when})` },
    machine: image,
    timeoutMinutes: 15,
    grants: READ,
    steps: [
      ...ready({ inputs: PACKAGES_ONLY }),
      {
        kind: 'command',
        name: 'Whether everything ran that had to',
        words: ['npx', '--no', 'interlock', 'ci', 'gate', ...(planned ? [] : ['--no-plan'])],
        env: { INTERLOCK_NEEDS: { expr: 'toJSON(needs)' } },
      },
    ],
    satisfies: [],
    purpose: 'the one check that the branch requires',
  }
}
