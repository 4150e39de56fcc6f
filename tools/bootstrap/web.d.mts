export function ensureWeb(root: string, node: string): void
export function sourcesHash(root: string): string
