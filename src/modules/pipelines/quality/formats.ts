/** Forms of values as regular expressions of the engine (RE2). */
const patterns = {
  valid_email:
    "^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:[.][A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)+$",
  valid_url: '^https?://[^\\s/?#]+\\S*$',
  valid_uuid: '^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$',
  valid_date: '^\\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\\d|3[01])(?:[T ].*)?$',
  valid_phone: '^[+]?[0-9][0-9 ()./-]{5,24}$',
} as const

export const formatNames = ['valid_email', 'valid_url', 'valid_uuid', 'valid_date', 'valid_phone', 'matches'] as const

export function formatPattern(condition: (typeof formatNames)[number], pattern: string | undefined): string {
  return condition === 'matches' ? (pattern ?? '') : patterns[condition]
}
