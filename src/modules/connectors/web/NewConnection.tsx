import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { cx } from '#ui/class-names'
import { Field, TextInput } from '#ui/Field'
import { insideApp } from '#ui/inside-app'
import { problemAt, startingValue } from '#ui/json-schema'
import { Link } from '#ui/Link'
import { Failure, Skeleton } from '#ui/Nothing'
import { Page, PageHead } from '#ui/Page'
import { toast } from '#ui/Toasts'
import { useGo, useUrlState } from '#ui/url-state'
import { act, connectionTypesQuery, type ConnectableType, type Settings } from './connection-api.ts'
import { connectionPath } from './connection-words.ts'
import { SettingsForm } from './SettingsForm.tsx'

/** Chooses a connector, and then makes a connection of it. */
export function NewConnection() {
  const types = useQuery(connectionTypesQuery)
  const [url] = useUrlState()
  const [type, setType] = useState(url['type'])
  // A form that needs a connection sends people here and is gone on with afterwards.
  const next = url['next'] === undefined ? undefined : insideApp(url['next'])
  const chosen = types.data?.find((each) => each.type === type)
  return (
    <Page>
      <PageHead
        title="Add a connection"
        above={
          <Link to={next?.path ?? '/connections'} search={next?.search} className="hover:text-ink">
            {next === undefined ? 'Connections' : 'Back to the form'}
          </Link>
        }
        about="Choose what to connect to, enter its address and credentials, test them, and save."
      />
      {types.isError ? (
        <Failure error={types.error} retry={() => void types.refetch()} />
      ) : types.data === undefined ? (
        <Skeleton className="h-64 w-full" />
      ) : (
        <>
          <ConnectorChoice types={types.data} chosen={type} onChoose={setType} />
          {chosen !== undefined && <NewForm key={chosen.type} connector={chosen} next={next} />}
        </>
      )}
    </Page>
  )
}

function ConnectorChoice({
  types,
  chosen,
  onChoose,
}: {
  readonly types: readonly ConnectableType[]
  readonly chosen: string | undefined
  readonly onChoose: (type: string) => void
}) {
  return (
    <fieldset className="mb-6 max-w-[760px] min-w-0">
      <legend className="mb-2 text-13 font-medium">Connector</legend>
      <div className="grid gap-2 sm:grid-cols-2">
        {types.map(({ type, title, about }) => (
          <label
            key={type}
            className={cx(
              'relative flex min-h-11 cursor-pointer flex-col gap-0.5 rounded-md border px-3 py-2 has-focus-visible:outline-2 has-focus-visible:outline-water',
              type === chosen ? 'border-water bg-water-soft' : 'border-line hover:bg-hover',
            )}
          >
            <input
              type="radio"
              name="connector"
              aria-label={title}
              className="absolute inset-0 cursor-pointer appearance-none outline-none"
              checked={type === chosen}
              onChange={() => onChoose(type)}
            />
            <span className={cx('text-13 font-medium', type === chosen && 'text-water-ink')}>{title}</span>
            <span className="text-12 text-ink-3">{about}</span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}

function NewForm({
  connector,
  next,
}: {
  readonly connector: ConnectableType
  readonly next: ReturnType<typeof insideApp> | undefined
}) {
  const [name, setName] = useState('')
  const [start] = useState(() => (startingValue(connector.schema) ?? {}) as Settings)
  const queries = useQueryClient()
  const go = useGo()
  return (
    <SettingsForm
      schema={connector.schema}
      start={start}
      saveTitle="Save connection"
      ready={name.trim() !== ''}
      test={(settings) => act.checkNew(connector.type, settings)}
      cancel={{ to: next?.path ?? '/connections', search: next?.search }}
      save={(settings) => act.create(name.trim(), connector.type, settings)}
      onSaved={() => {
        toast(`Connection ${name.trim()} added`)
        void queries.invalidateQueries({ queryKey: ['connections'] })
        if (next === undefined) go(connectionPath(name.trim()))
        else go(next.path, { ...next.search, connection: name.trim() })
      }}
    >
      {(problems) => (
        <div className="sm:max-w-[calc(50%-8px)]">
          <Field
            label="Name"
            required
            about="What people call it. It cannot be changed later."
            error={problemAt(problems, 'name') ?? problemAt(problems, 'type')}
          >
            {(attributes) => <TextInput {...attributes} value={name} onChange={setName} />}
          </Field>
        </div>
      )}
    </SettingsForm>
  )
}
