import type { Verb } from '@interlock/cli'

/** The verbs of this package. Each loads its work when it runs, so that none slows the others down. */
export const verbs: readonly Verb[] = [
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
