/** `node --import …/typescript.mjs file.ts`: runs the TypeScript of this workspace in a third of the time of a full register. */
import { register } from 'node:module'

register('./typescript-hooks.mjs', import.meta.url)
