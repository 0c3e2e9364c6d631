/** `node --import …/typescript.mjs file.ts`: runs the TypeScript of this workspace in a third of the time of a full register. */
import { register } from 'node:module'

register('../../../../tools/cli/bin/source-loader.js', import.meta.url)
