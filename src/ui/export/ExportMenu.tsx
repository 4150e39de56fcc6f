import { Download, X } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { Button } from '../components/Button.tsx'
import { Menu } from '../components/Menu.tsx'
import { Dialog } from '../components/Dialog.tsx'
import { Failure } from '../components/Nothing.tsx'
import { formatCount } from '../format/number.ts'
import { exportParts, type Export, type ExportFormat } from './export-text.ts'

const types: Readonly<Record<ExportFormat, string>> = { csv: 'text/csv', json: 'application/json' }

/** Takes what is on the screen along as a file, all rows of it. Reading many can be watched and ended. */
export function ExportMenu<Row>({ what, source }: { readonly what: string; readonly source: () => Export<Row> }) {
  const [read, setRead] = useState<number>()
  const [failure, setFailure] = useState<unknown>()
  const running = useRef<AbortController>(undefined)
  useEffect(() => () => running.current?.abort(), [])
  const save = async (format: ExportFormat, withAbout = false): Promise<void> => {
    const abort = new AbortController()
    running.current = abort
    setRead(0)
    try {
      const wanted = source()
      const { parts, about } = await exportParts(wanted, format, abort.signal, setRead)
      download(new Blob([...parts], { type: types[format] }), `${wanted.name}.${format}`)
      if (withAbout) download(new Blob([about], { type: 'text/plain' }), `${wanted.name}.about.txt`)
    } catch (error) {
      if (!abort.signal.aborted) setFailure(error)
    } finally {
      setRead(undefined)
    }
  }
  if (read !== undefined) {
    return (
      <span role="status" className="figures inline-flex items-center gap-1 text-12 whitespace-nowrap text-ink-3">
        {formatCount(read, 'row')} read
        <Button tone="quiet" label="End the export" icon={<X size={14} />} onClick={() => running.current?.abort()} />
      </span>
    )
  }
  return (
    <>
      <Menu
        label={`Export ${what}`}
        trigger={<Button tone="quiet" label={`Export ${what}`} icon={<Download size={15} />} />}
        groups={[
          [
            { id: 'csv', title: 'CSV', about: 'For spreadsheets', onSelect: () => void save('csv') },
            {
              id: 'csv-about',
              title: 'CSV and what it is',
              about: 'A second file with definition, filters, zone and time',
              onSelect: () => void save('csv', true),
            },
            { id: 'json', title: 'JSON', about: 'For programs, with what it is', onSelect: () => void save('json') },
          ],
        ]}
      />
      <Dialog open={failure !== undefined} onClose={() => setFailure(undefined)} title="Nothing was exported">
        <Failure error={failure} compact />
        <Button className="self-end" onClick={() => setFailure(undefined)}>
          Close
        </Button>
      </Dialog>
    </>
  )
}

function download(file: Blob, name: string): void {
  const address = URL.createObjectURL(file)
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(address), 60_000)
}
