import { CONFIG_FILE, type ConfigSections, configSchema, EXIT, readConfig, schemaText } from '@interlock/kit'
import type { Invocation, LoadSections, Outcome, Verb } from './core/verb.ts'

/** `interlock config`: the sections of all installed packages in one file, which no package can check as a whole. */
export function configVerb(sections: readonly LoadSections[]): Verb {
  return {
    name: 'config',
    summary: `whether ${CONFIG_FILE} is valid, and what it says with every default filled in`,
    options: [{ flags: '--schema', description: 'print the JSON Schema of the file, for editors' }],
    examples: ['interlock config --json', 'interlock config --schema'],
    run: async (invocation) => runConfig(invocation, await joined(sections)),
  }
}

async function joined(sections: readonly LoadSections[]): Promise<ConfigSections> {
  const all: Record<string, ConfigSections[string]> = {}
  for (const load of sections) Object.assign(all, await load())
  return all
}

function runConfig({ root, options }: Invocation, sections: ConfigSections): Outcome {
  if (options['schema'] === true) {
    const schema = configSchema(sections)
    return { status: EXIT.done, prose: schemaText(schema).trimEnd(), data: schema }
  }
  const { exists, config } = readConfig(root, sections)
  const names = Object.keys(sections).sort().join(', ')
  return {
    status: EXIT.done,
    prose: exists ? `${CONFIG_FILE} is valid (${names})` : `there is no ${CONFIG_FILE}: every default holds (${names})`,
    data: { file: exists ? CONFIG_FILE : null, config },
  }
}
