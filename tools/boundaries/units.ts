/** The layers and who may see whom: `core ← ports ← kernel ← modules ← apps` and `core ← sdk ← plans ← modules`. */
export type Layer =
  | 'core'
  | 'ports'
  | 'adapters'
  | 'kernel'
  | 'sdk'
  | 'plans'
  | 'modules'
  | 'web'
  | 'ui'
  | 'apps'
  | 'connectors'
  | 'packs'
  | 'outside'

export interface Unit {
  readonly layer: Layer
  /** Files of one unit see each other; `src/modules/metrics`, `src/core`. */
  readonly folder: string
}

/** `web` is a module's part in the browser, or the web app. */
export const allowed: Readonly<Record<Layer, readonly Layer[]>> = {
  core: ['core'],
  ports: ['core', 'ports'],
  adapters: ['core', 'ports'],
  kernel: ['core', 'ports', 'kernel'],
  sdk: ['core', 'sdk'],
  plans: ['core', 'sdk', 'plans'],
  modules: ['core', 'ports', 'kernel', 'sdk', 'plans', 'modules'],
  web: ['core', 'ui', 'web', 'kernel', 'modules'],
  ui: ['core', 'ui'],
  apps: ['core', 'ports', 'adapters', 'kernel', 'sdk', 'plans', 'modules', 'apps', 'connectors', 'packs', 'web', 'ui'],
  connectors: ['sdk', 'connectors'],
  packs: ['sdk', 'packs'],
  outside: [
    'core',
    'ports',
    'adapters',
    'kernel',
    'sdk',
    'plans',
    'modules',
    'apps',
    'connectors',
    'packs',
    'web',
    'ui',
    'outside',
  ],
}

const oneUnit = new Set(['src/core', 'src/ports', 'src/kernel', 'src/sdk', 'src/plans', 'src/ui'])

export function unitOf(path: string): Unit {
  const [first = '', second = '', third = '', fourth = ''] = path.split('/')
  const layer = `${first}/${second}`
  if (oneUnit.has(layer)) return { layer: second as Layer, folder: layer }
  if (layer === 'src/adapters') return { layer: 'adapters', folder: `${layer}/${third}` }
  if (layer === 'src/modules') return { layer: fourth === 'web' ? 'web' : 'modules', folder: `${layer}/${third}` }
  if (layer === 'src/apps') return { layer: third === 'web' ? 'web' : 'apps', folder: `${layer}/${third}` }
  if (first === 'connectors' || first === 'packs') {
    return { layer: first, folder: path.split('/').length > 2 ? layer : first }
  }
  return { layer: 'outside', folder: 'outside' }
}

/** Runs in the browser. */
export function isWeb(path: string): boolean {
  const { layer } = unitOf(path)
  return layer === 'web' || layer === 'ui'
}
