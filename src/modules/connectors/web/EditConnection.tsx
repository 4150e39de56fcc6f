import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '#ui/Link'
import { Failure, Skeleton } from '#ui/Nothing'
import { Page, PageHead } from '#ui/Page'
import { toast } from '#ui/Toasts'
import { useGo, useParam } from '#ui/url-state'
import { act, connectionQuery, connectionTypesQuery } from './connection-api.ts'
import { connectionPath } from './connection-words.ts'
import { SettingsForm } from './SettingsForm.tsx'

export function EditConnection() {
  const name = useParam('name')
  // What is being edited stays as it was read; a change by somebody else is a conflict when it is saved.
  const connection = useQuery({ ...connectionQuery(name), refetchOnWindowFocus: false, staleTime: Infinity })
  const types = useQuery(connectionTypesQuery)
  const queries = useQueryClient()
  const go = useGo()
  const failed = [connection, types].find(({ isError }) => isError)
  const schema = types.data?.find(({ type }) => type === connection.data?.type)?.schema
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
      ) : connection.data === undefined || schema === undefined ? (
        <Skeleton className="h-64 w-full" />
      ) : (
        <SettingsForm
          key={connection.data.version}
          schema={schema}
          start={connection.data.settings}
          saveTitle="Save changes"
          test={(settings) => act.check(name, settings)}
          save={(settings) => act.replace(name, settings, connection.data.version)}
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
