// Prints whether the services that tests start and the browser are here, as a runtime input of every target whose tests want them: a result
// without a service is none of one with it. Which versions they are says the lock, which is an input as a file.
//
//   node tools/setup/services-identity.mjs
import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { hasBrowser } from './src/browser.mjs'
import { pythonOfServices } from './src/services.mjs'

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

const services = existsSync(pythonOfServices({ platform: process.platform, root })) ? 'installed' : 'not installed'
const browser = hasBrowser(process.env) ? 'with a browser' : 'without a browser'
console.log(`${services}, ${browser}`)
