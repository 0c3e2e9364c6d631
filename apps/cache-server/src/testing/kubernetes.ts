import { z } from 'zod'

/*
 * The parts of the Kubernetes API that the manifest uses, strictly: there is no schema of the API to check with here, so a
 * field that is not below, or a value of another type, fails the test.
 */

const name = z.string().regex(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/u)
const label = z.record(z.string().regex(/^(?:[a-z0-9.-]+\/)?[A-Za-z0-9._-]{1,63}$/u), z.string().regex(/^[A-Za-z0-9._-]{0,63}$/u))
const quantity = z.string().regex(/^\d+(?:m|Ki|Mi|Gi|Ti)?$/u)
const metadata = z.strictObject({ name })
const path = z.string().startsWith('/')

export const configMap = z.strictObject({
  apiVersion: z.literal('v1'),
  kind: z.literal('ConfigMap'),
  metadata,
  data: z.strictObject({ 'cache-server.yaml': z.string(), 'cache-policy.yaml': z.string() }),
})

export const service = z.strictObject({
  apiVersion: z.literal('v1'),
  kind: z.literal('Service'),
  metadata,
  spec: z.strictObject({
    selector: label,
    ports: z.array(z.strictObject({ name, port: z.int().min(1).max(65_535), targetPort: z.union([name, z.int()]) })),
  }),
})

export const disruptionBudget = z.strictObject({
  apiVersion: z.literal('policy/v1'),
  kind: z.literal('PodDisruptionBudget'),
  metadata,
  spec: z.strictObject({ minAvailable: z.int(), selector: z.strictObject({ matchLabels: label }) }),
})

const probe = z.strictObject({
  httpGet: z.strictObject({ path, port: name }),
  periodSeconds: z.int().min(1),
  failureThreshold: z.int().min(1),
})

const container = z.strictObject({
  name,
  image: z.string().regex(/^[a-z0-9./-]+:[\w.-]+$/u),
  ports: z.array(z.strictObject({ name, containerPort: z.int().min(1).max(65_535) })),
  readinessProbe: probe,
  livenessProbe: probe,
  resources: z.strictObject({
    requests: z.strictObject({ cpu: quantity, memory: quantity }),
    limits: z.strictObject({ memory: quantity }),
  }),
  securityContext: z.strictObject({
    allowPrivilegeEscalation: z.literal(false),
    readOnlyRootFilesystem: z.literal(true),
    capabilities: z.strictObject({ drop: z.tuple([z.literal('ALL')]) }),
  }),
  volumeMounts: z.array(z.strictObject({ name, mountPath: path, readOnly: z.boolean().optional() })),
})

const volume = z.union([
  z.strictObject({ name, configMap: z.strictObject({ name }) }),
  z.strictObject({ name, secret: z.strictObject({ secretName: name, defaultMode: z.int().min(0).max(0o777) }) }),
  z.strictObject({ name, emptyDir: z.strictObject({}) }),
])

const claim = z.strictObject({
  metadata,
  spec: z.strictObject({
    accessModes: z.array(z.enum(['ReadWriteOnce', 'ReadWriteOncePod', 'ReadWriteMany', 'ReadOnlyMany'])),
    resources: z.strictObject({ requests: z.strictObject({ storage: quantity }) }),
  }),
})

export const statefulSet = z.strictObject({
  apiVersion: z.literal('apps/v1'),
  kind: z.literal('StatefulSet'),
  metadata,
  spec: z.strictObject({
    serviceName: name,
    replicas: z.int().min(1),
    podManagementPolicy: z.enum(['OrderedReady', 'Parallel']),
    selector: z.strictObject({ matchLabels: label }),
    template: z.strictObject({
      metadata: z.strictObject({ labels: label }),
      spec: z.strictObject({
        serviceAccountName: name,
        automountServiceAccountToken: z.boolean(),
        terminationGracePeriodSeconds: z.int(),
        securityContext: z.strictObject({
          runAsNonRoot: z.literal(true),
          runAsUser: z.int().min(1),
          runAsGroup: z.int().min(1),
          fsGroup: z.int().min(1),
          seccompProfile: z.strictObject({ type: z.enum(['RuntimeDefault', 'Localhost', 'Unconfined']) }),
        }),
        containers: z.tuple([container]),
        volumes: z.array(volume),
      }),
    }),
    volumeClaimTemplates: z.array(claim),
  }),
})
