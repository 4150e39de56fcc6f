export { definePack } from './pack.ts'
export type { Definition, Feed, Pack, PackPipeline } from './pack.ts'
