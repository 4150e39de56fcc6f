export function enableCompileCache(root: string, node: string): void
export function serverSources(root: string): string[]
