export { cargoFileGlobs, readCargo } from './core/read-cargo.ts'
