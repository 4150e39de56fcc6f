import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '#ui/Link'
import { Failure, Skeleton } from '#ui/Nothing'
import { Page, PageHead } from '#ui/Page'
import { toast } from '#ui/Toasts'
import { readOnOpen, useOpened } from '#ui/use-opened'
import { useGo, useParam } from '#ui/url-state'
import { act, connectionQuery, connectionTypesQuery, readVersions } from './connection-api.ts'
import { connectionPath, definitionTitle } from './connection-words.ts'
import { SettingsForm } from './SettingsForm.tsx'

export function EditConnection() {
  const name = useParam('name')
  const connection = useQuery({ ...connectionQuery(name), ...readOnOpen })
  const { opened, reopen } = useOpened(connection)
  const types = useQuery(connectionTypesQuery)
  const queries = useQueryClient()
  const go = useGo()
  const failed = [connection, types].find(({ isError }) => isError)
  const schema = types.data?.find(({ type }) => type === opened?.type)?.schema
  return (
    <Page>
      <PageHead
        title={`Edit ${name}`}
        above={
          <Link to={connectionPath(name)} className="hover:text-ink">
            {name}
          </Link>
        }
        about="A secret is kept while the settings beside it stay the same. When one changes that could send it elsewhere, enter it again."
      />
      {failed !== undefined ? (
        <Failure error={failed.error} retry={() => void failed.refetch()} />
      ) : opened === undefined || schema === undefined ? (
        <Skeleton className="h-64 w-full" />
      ) : (
        <SettingsForm
          key={opened.version}
          schema={schema}
          start={opened.settings}
          saveTitle="Save changes"
          test={(settings) => act.check(name, settings)}
          opened={{
            kind: 'connection',
            id: name,
            version: opened.version,
            history: (signal) => readVersions(name, signal),
            titleOf: (place) => definitionTitle(place, schema),
          }}
          save={(settings, version = opened.version) => act.replace(name, settings, version)}
          onTakeNewer={reopen}
          cancel={{ to: connectionPath(name) }}
          onSaved={() => {
            toast(`Connection ${name} changed`)
            void queries.invalidateQueries({ queryKey: ['connections'] })
            go(connectionPath(name))
          }}
        />
      )}
    </Page>
  )
}
