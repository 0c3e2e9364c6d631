export { isAlive } from './io/is-alive.ts'
export { removeIfThere } from './io/remove-if-there.ts'
