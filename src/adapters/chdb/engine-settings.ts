/** How the embedded engine is set up, in the form of its command line. */
export function connectionArgs(_durability: 'disk' | 'process'): readonly string[] {
  return []
}
