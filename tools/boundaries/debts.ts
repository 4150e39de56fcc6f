/** Functions that break the rules of functions.ts today. Entries only go: split the function and remove its line. */
export const functionDebts: readonly string[] = [
  'src/adapters/clickhouse/clickhouse-warehouse.ts long-function openClickhouse',
  'src/apps/cli/generated.ts many-parameters addCommand',
  'src/kernel/definitions/definition-versions.ts many-parameters unnamed',
  'src/kernel/http/operation-route.ts many-parameters sendJson',
  'src/kernel/problems/problems.ts many-parameters problemsOfIssue',
  'src/modules/connectors/catalogue.ts many-parameters unable',
  'src/modules/dashboards/web/DashboardEditor.tsx long-function DashboardEditor',
  'src/modules/datasets/open-datasets.ts long-function openDatasets',
  'src/modules/datasets/quarantine.ts long-function quarantine',
  'src/modules/metrics/web/MetricNumbers.tsx long-function MetricNumbers',
  'src/modules/pipelines/streaming/streaming.ts long-function streamingRunner',
  'src/ui/table/Table.tsx long-function Table',
]
