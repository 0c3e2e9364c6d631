import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import { z } from 'zod'
import { ENVIRONMENT_PREFIX, environmentTable } from './core/config/environment.ts'
import { parseServerConfig, serverConfigJsonSchema } from './core/config/parse.ts'
import { routeOf } from './core/http/route.ts'
import { lintPolicy } from './core/policy/lint.ts'
import { parsePolicy } from './core/policy/parse.ts'
import { configMap, disruptionBudget, service, statefulSet } from './testing/kubernetes.ts'

const PROJECT = join(import.meta.dirname, '..')
const DEPLOY = join(PROJECT, 'deploy')
const REFEREE = join(PROJECT, '..', '..', '.tools', 'referees', 'python', 'bin', 'check-jsonschema')
const text = (name: string): string => readFileSync(join(DEPLOY, name), 'utf8')
const config = (yaml: string): ReturnType<typeof parseServerConfig> =>
  parseServerConfig({ file: 'cache-server.yaml', text: yaml, environment: { values: [], problems: [] }, defaults: {} })

/** Seconds that a server takes to end in the worst case. */
const drainOf = ({ shutdown }: ReturnType<typeof config>): number => shutdown.announce + shutdown.finish

test('the schema of cache-server.yaml is published for editors', async () => {
  const published = join(PROJECT, '..', 'docs', 'content', 'public', 'cache-server.schema.json')
  await expect(`${JSON.stringify(serverConfigJsonSchema(), undefined, 2)}\n`).toMatchFileSnapshot(published)
})

test('the guide names every variable that the server takes', () => {
  const guide = readFileSync(join(PROJECT, '..', 'docs', 'content', 'guides', 'cache-operations.md'), 'utf8')
  const missing = environmentTable().filter(({ name }) => {
    const short = name.slice(ENVIRONMENT_PREFIX.length)
    return !guide.includes(`\`${name}\``) && !guide.includes(`\`_${short}\``)
  })
  expect(missing).toEqual([])
})

describe('the files of one server', () => {
  test('are a configuration, and a policy in which nothing is unsafe', () => {
    expect(config(text('cache-server.yaml'))).toMatchObject({ listen: { host: '0.0.0.0', port: 8791 }, store: { kind: 'disk' } })
    expect(lintPolicy(parsePolicy(text('cache-policy.yaml'), 'cache-policy.yaml'))).toEqual([])
  })
})

describe('the unit of systemd', () => {
  const unit = text('interlock-cache.service')

  test.runIf(hasProgram('systemd-analyze'))('is one that systemd accepts without a word', () => {
    const { status, stdout, stderr } = spawnSync(
      'systemd-analyze',
      ['verify', '--man=no', join(DEPLOY, 'interlock-cache.service')],
      { encoding: 'utf8' },
    )
    const said = `${stdout}${stderr}`
      .split('\n')
      .filter((line) => line.includes('interlock-cache') && !line.includes('/usr/bin/node is not executable'))
    expect({ said, isKnown: status !== null }).toEqual({ said: [], isKnown: true })
  })

  test('starts the program of the package, as nobody in particular, and waits until it has drained', () => {
    expect(unit).toContain(`ExecStart=/usr/bin/node node_modules/@interlock/cache-server/${binary()} --config `)
    expect(unit).toMatch(/^DynamicUser=yes$/mu)
    expect(Number(/^TimeoutStopSec=(\d+)$/mu.exec(unit)?.[1])).toBeGreaterThan(drainOf(config(text('cache-server.yaml'))))
  })
})

describe('the Compose file', () => {
  const compose = z
    .object({
      services: z.object({
        cache: z.object({
          build: z.object({ dockerfile: z.literal('Containerfile') }),
          ports: z.array(z.string()),
          volumes: z.array(z.string()),
          read_only: z.literal(true),
          cap_drop: z.tuple([z.literal('ALL')]),
          stop_grace_period: z.string().regex(/^\d+s$/u),
          healthcheck: z.object({ test: z.array(z.string()) }),
        }),
      }),
      volumes: z.record(z.string(), z.null()),
    })
    .parse(parse(text('compose.yaml')))
  const { cache } = compose.services

  test.runIf(existsSync(REFEREE))('is one by the schema of the Compose specification', () => {
    const { status, stdout } = spawnSync(REFEREE, ['--builtin-schema', 'vendor.compose-spec', join(DEPLOY, 'compose.yaml')], {
      encoding: 'utf8',
    })
    expect({ status, stdout }).toEqual({ status: 0, stdout: expect.stringContaining('ok') })
  })

  test('is reached from its machine only, asks a path that exists, and waits until the server has drained', () => {
    const { listen } = config(text('cache-server.yaml'))
    expect(cache.ports).toEqual([`127.0.0.1:${listen.port}:${listen.port}`])
    const asked = /http:\/\/127\.0\.0\.1:(\d+)(\/\w+)/u.exec(cache.healthcheck.test.at(-1) ?? '')
    expect([Number(asked?.[1]), routeOf(asked?.[2] ?? '').kind]).toEqual([listen.port, 'ready'])
    expect(Number.parseInt(cache.stop_grace_period, 10)).toBeGreaterThan(drainOf(config(text('cache-server.yaml'))))
  })

  test('mounts the files that are there, and a volume for what the server keeps', () => {
    const files = cache.volumes.map((volume) => volume.split(':')[0] ?? '')
    expect(files.filter((file) => file.startsWith('./') && !existsSync(join(DEPLOY, file)))).toEqual([])
    expect(Object.keys(compose.volumes)).toEqual(files.filter((file) => !file.startsWith('./')))
  })
})

describe('the Kubernetes manifest', () => {
  const [first, second, third, fourth, ...more] = parseAllDocuments(text('kubernetes.yaml')).map(
    (document) => document.toJS() as unknown,
  )

  test('holds four objects of which every field is known, and no other', () => {
    expect(more).toEqual([])
    for (const [schema, value] of [
      [configMap, first],
      [service, second],
      [disruptionBudget, third],
      [statefulSet, fourth],
    ] as const) {
      expect(schema.safeParse(value).error).toBeUndefined()
    }
  })

  const set = statefulSet.parse(fourth)
  const pod = set.spec.template.spec
  const [server] = pod.containers
  const map = configMap.parse(first)
  const own = config(map.data['cache-server.yaml'])

  test('configures a bucket that replicas share, with a policy in which nothing is unsafe', () => {
    expect(own.store.kind).toBe('s3')
    expect(lintPolicy(parsePolicy(map.data['cache-policy.yaml'], 'cache-policy.yaml'))).toEqual([])
  })

  test('names its parts alike wherever they are named', () => {
    const labels = set.spec.template.metadata.labels
    expect([
      set.spec.selector.matchLabels,
      service.parse(second).spec.selector,
      disruptionBudget.parse(third).spec.selector.matchLabels,
    ]).toEqual([labels, labels, labels])
    expect(set.spec.serviceName).toBe(service.parse(second).metadata.name)
    const volumes = [...pod.volumes, ...set.spec.volumeClaimTemplates.map(({ metadata }) => metadata)].map(({ name }) => name)
    expect(server.volumeMounts.map(({ name }) => name).sort()).toEqual(volumes.sort())
    expect(pod.volumes.find(({ name }) => name === 'config')).toMatchObject({ configMap: { name: map.metadata.name } })
  })

  test('asks paths that exist on the port that the server has, and waits until it has drained', () => {
    expect(server.ports).toEqual([{ name: 'http', containerPort: own.listen.port }])
    expect([server.readinessProbe, server.livenessProbe].map(({ httpGet }) => routeOf(httpGet.path).kind)).toEqual([
      'ready',
      'health',
    ])
    expect(pod.terminationGracePeriodSeconds).toBeGreaterThan(drainOf(own))
  })

  test('writes only where something is mounted to be written', () => {
    const writable = server.volumeMounts.filter(({ readOnly }) => readOnly !== true).map(({ mountPath }) => mountPath)
    const staging = own.store.kind === 's3' ? own.store.staging : undefined
    for (const path of [own.audit, staging ?? '/none']) expect(writable.some((mount) => path.startsWith(`${mount}/`))).toBe(true)
    const readable = server.volumeMounts.map(({ mountPath }) => mountPath)
    for (const path of [own.keys, own.signing]) expect(readable.some((mount) => path?.startsWith(`${mount}/`))).toBe(true)
  })
})

describe('the image', () => {
  const file = text('Containerfile')

  test('installs this version, with the SDK that it was tested with, and starts its program without a shell', () => {
    const { version, devDependencies } = manifest()
    expect(file).toContain(`@interlock/cache-server@${version} @aws-sdk/client-s3@${devDependencies['@aws-sdk/client-s3']}`)
    expect(file).toContain(`ENTRYPOINT ["node", "node_modules/@interlock/cache-server/${binary()}"]`)
    expect(file).toMatch(/^USER node$/mu)
  })

  test('its program runs where there is no workspace', () => {
    const launcher = join(PROJECT, binary())
    const words = [
      '--conditions=@interlock/source',
      '--import',
      '@swc-node/register/esm-register',
      launcher,
      '--config',
      join(DEPLOY, 'cache-server.yaml'),
      '--print-config',
    ]
    const env = { ...process.env, NODE_OPTIONS: '' }
    const printed = execFileSync(process.execPath, words, { cwd: PROJECT, encoding: 'utf8', env })
    expect(parse(printed)).toMatchObject({ policy: join(DEPLOY, 'cache-policy.yaml'), limits: { artifact: 2 ** 29 } })
  })
})

interface Manifest {
  readonly version: string
  readonly bin: Readonly<Record<string, string>>
  readonly devDependencies: Readonly<Record<string, string>>
}

function manifest(): Manifest {
  return JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf8')) as Manifest
}

function binary(): string {
  return (manifest().bin['interlock-cache-server'] ?? '').replace('./', '')
}

function hasProgram(name: string): boolean {
  return spawnSync('which', [name]).status === 0
}
