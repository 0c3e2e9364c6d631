export { buildImage, type BuiltImage, type ImageOrder } from './io/image/build.ts'
export { tryImage, type TryOrder, type TryResult } from './io/image/try.ts'
