#!/usr/bin/env node
// `interlock cache serve` where there is no Nx workspace: in a container, or as a service of a machine.
import { main } from '@interlock/cli'
import { verbs } from '@interlock/cache-server/cli'

process.exitCode = await main(['cache', 'serve', ...process.argv.slice(2)], {
  cwd: process.cwd(),
  env: process.env,
  fromSource: false,
  stdout: process.stdout,
  stderr: process.stderr,
  verbs,
})
