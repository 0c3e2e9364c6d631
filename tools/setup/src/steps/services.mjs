import { pythonOfServices, readServices, SERVICES_FOLDER, SERVICES_LOCK } from '../services.mjs'
import { lockedPython } from './locked-python.mjs'
import { optionalStep } from './optional.mjs'

/** @type {import('../types.d.ts').Step} */
export const services = optionalStep({
  name: 'Services for tests',
  otherwise: `not installed, or not as ${SERVICES_LOCK} says`,
  partsOf: async (context) => [
    await lockedPython(context, {
      folder: SERVICES_FOLDER,
      lock: SERVICES_LOCK,
      names: readServices(context.root),
      programs: [pythonOfServices(context)],
    }),
  ],
})
