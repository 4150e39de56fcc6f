/** The dataset that an end of a pipeline names, where its connector reads or fills datasets. */
export function endDataset(inside: { readonly dataset: string } | undefined, settings: unknown): string | undefined {
  if (inside === undefined || typeof settings !== 'object' || settings === null) return undefined
  const named = (settings as Readonly<Record<string, unknown>>)[inside.dataset]
  return typeof named === 'string' ? named : undefined
}
