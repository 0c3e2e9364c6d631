export type { Invocation, LoadSections, Outcome, Verb, VerbArgument, VerbOption } from './core/verb.ts'
export { main, type CliWorld } from './main.ts'
