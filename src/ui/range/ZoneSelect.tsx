import { Select, type ControlProps } from '../form/Field.tsx'

/** Every time zone there is; the chosen one, that of this browser and UTC come first. */
export function ZoneSelect({
  value,
  onChange,
  ...rest
}: ControlProps & {
  readonly 'aria-label'?: string
  readonly value: string
  readonly onChange: (zone: string) => void
}) {
  return <Select {...rest} value={value} onChange={onChange} options={zoneOptions(value)} />
}

function zoneOptions(chosen: string): { value: string; title: string }[] {
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone
  const names = new Set([chosen, here, 'UTC', ...Intl.supportedValuesOf('timeZone')])
  return [...names].map((value) => ({ value, title: value === here ? `${value} (here)` : value }))
}
