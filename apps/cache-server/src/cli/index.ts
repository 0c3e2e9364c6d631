import type { Verb } from '@interlock/cli'

/** The verbs of this package. Each loads its work when it runs, so that none slows the others down. */
export const verbs: readonly Verb[] = [
  {
    name: 'cache audit verify',
    summary: 'whether the audit of a cache server is as it was written; names file and line of the first change',
    arguments: [{ name: '<folder>', description: 'the folder of the audit' }],
    options: [
      {
        flags: '--against <file>',
        description: 'an earlier report (--json), kept elsewhere: nothing may have been cut off since',
      },
    ],
    examples: ['interlock cache audit verify audit --json', 'interlock cache audit verify audit --against kept.json'],
    run: async (invocation) => (await import('./audit-verify.ts')).runAuditVerify(invocation),
  },
  {
    name: 'cache explain',
    summary: 'which rule of a policy a token matches, what it may read and write, and why the other rules do not match',
    arguments: [{ name: '<source>', description: 'a file with a token or with claims as JSON; "-" reads it from the input' }],
    options: [
      { flags: '--policy <file>', description: 'the policy of the cache server (else cache-policy.yaml)' },
      { flags: '--verify', description: 'ask the issuer for its keys, and check signature and times too' },
    ],
    examples: [
      'interlock cache explain claims.json --policy cache-policy.yaml',
      'printenv TOKEN | interlock cache explain - --policy cache-policy.yaml',
    ],
    run: async (invocation) => (await import('./explain.ts')).runExplain(invocation),
  },
  {
    name: 'cache key',
    summary: 'the public keys of a key file of the server: what a repository pins in interlock.yaml',
    arguments: [{ name: '<file>', description: 'the key file' }],
    options: [
      { flags: '--pem', description: 'as PEM (SubjectPublicKeyInfo) instead of base64url' },
      { flags: '--rotate', description: 'put a new key before the others; the server takes it when it starts again' },
    ],
    examples: ['interlock cache key signing-keys.json', 'interlock cache key signing-keys.json --rotate'],
    run: async (invocation) => (await import('./key.ts')).runKey(invocation),
  },
  {
    name: 'cache policy lint',
    summary: 'whether a policy of the cache server is safe: each unsafe shape with its place, why, and what to write instead',
    arguments: [{ name: '[file]', description: 'the policy (else cache-policy.yaml)' }],
    options: [{ flags: '--schema', description: 'print the JSON Schema of policies, for editors; no file is read' }],
    examples: ['interlock cache policy lint cache-policy.yaml', 'interlock cache policy lint cache-policy.yaml --json'],
    run: async (invocation) => (await import('./policy-lint.ts')).runPolicyLint(invocation),
  },
  {
    name: 'cache token',
    summary: 'a new static token, shown once, and the hash of it that goes into the policy',
    arguments: [{ name: '<kind>', description: 'read: the trusted scopes, for laptops; admin: purge and quarantine' }],
    options: [{ flags: '--name <name>', description: 'whose it is, as audit lines say (else the kind)' }],
    examples: ['interlock cache token read --name laptops', 'interlock cache token admin --json'],
    run: async (invocation) => (await import('./token.ts')).runToken(invocation),
  },
  {
    name: 'cache serve',
    summary: 'run the cache server: for this machine without any configuration, for a team with one',
    options: [
      { flags: '--config <file>', description: 'cache-server.yaml (else the variable INTERLOCK_CACHE_SERVER_CONFIG)' },
      { flags: '--host <address>', description: 'address to listen on (else 127.0.0.1)' },
      { flags: '--port <number>', description: 'port to listen on; 0 takes a free one (else 8791)' },
      { flags: '--print-config', description: 'print the configuration with every default filled in, and start nothing' },
      { flags: '--schema', description: 'print the JSON Schema of cache-server.yaml, for editors' },
    ],
    examples: [
      'interlock cache serve',
      'interlock cache serve --port 0',
      'interlock cache serve --config cache-server.yaml',
      'interlock cache serve --config cache-server.yaml --print-config',
    ],
    run: async (invocation) => (await import('./serve.ts')).runServe(invocation),
  },
]
