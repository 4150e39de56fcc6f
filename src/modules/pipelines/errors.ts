import { defineErrors } from '#core/errors'

export const pipelineErrors = defineErrors('pipelines', {
  invalid: {
    kind: 'invalid',
    title: 'Pipeline is not valid',
    says: (p: { name: string; count: number }) =>
      `The pipeline "${p.name}" has ${p.count === 1 ? 'a problem' : `${p.count} problems`}.`,
    remedy: 'Correct the problems listed; POST /api/v1/pipelines/validate checks without saving.',
  },
  taken: {
    kind: 'conflict',
    title: 'Name taken',
    says: (p: { name: string }) => `The workspace already has a pipeline "${p.name}".`,
    remedy: 'Choose another name, or change that pipeline with PUT.',
  },
  unknown: {
    kind: 'not_found',
    title: 'Pipeline not found',
    says: (p: { id: string }) => `There is no pipeline "${p.id}" in this workspace.`,
    remedy: 'List the pipelines with GET /api/v1/pipelines.',
  },
  unknown_run: {
    kind: 'not_found',
    title: 'Run not found',
    says: (p: { id: string }) => `There is no run "${p.id}" in this workspace.`,
    remedy: 'Look among the runs of its pipeline; GET /api/v1/pipelines lists the pipelines.',
  },
  busy: {
    kind: 'conflict',
    title: 'Too many queued runs',
    says: (p: { name: string; max: number }) => `${p.max} runs of "${p.name}" are queued already.`,
    remedy: 'Wait for them, or cancel some.',
  },
  running: {
    kind: 'conflict',
    title: 'Pipeline is running',
    says: (p: { name: string; run: string }) => `"${p.name}" is running now (run "${p.run}").`,
    remedy: 'Pause it or cancel the run first.',
  },
  owner_gone: {
    kind: 'forbidden',
    title: 'The owner is gone',
    says: (p: { name: string; owner: string }) =>
      `The pipeline "${p.name}" runs with the rights of its owner, ${p.owner}, which was revoked or deleted.`,
    remedy: 'Save the pipeline again with a token that holds what it needs; whoever saves it becomes its owner.',
  },
  owner_lacks: {
    kind: 'forbidden',
    title: 'The owner lacks a permission',
    says: (p: { name: string; owner: string; permission: string; what: string }) =>
      `The pipeline "${p.name}" runs with the rights of its owner, ${p.owner}, who does not hold the permission "${p.permission}" that ${p.what} needs.`,
    remedy: 'Save the pipeline again with a token that holds it; whoever saves it becomes its owner.',
  },
  restricted: {
    kind: 'forbidden',
    title: 'Rejected rows not shown',
    says: (p: { name: string }) =>
      `You may see only some rows or masked values of datasets of this workspace, so the rejected rows of the pipeline "${p.name}" are not shown to you.`,
    remedy: 'Ask somebody who may see all rows.',
  },
  ended: {
    kind: 'conflict',
    title: 'Run has ended',
    says: (p: { id: string; status: string }) => `The run "${p.id}" has ended already: ${p.status}.`,
  },
  step: {
    kind: 'invalid',
    title: 'A step does not fit its rows',
    says: (p: { step: string }) => `The step "${p.step}" does not fit the rows it gets.`,
    remedy: 'Correct the problems listed; POST /api/v1/pipelines/preview shows the rows after each step.',
  },
  cast: {
    kind: 'invalid',
    title: 'A value does not fit its type',
    says: (p: { column: string; type: string }) =>
      `The column "${p.column}" has a value that cannot be converted to ${p.type}.`,
    remedy:
      'Correct or filter the rows; cast with {"type": …, "otherwise": "null"} to leave such values empty; or, for a file, declare the type under "columns" of the source, so that such rows go to quarantine.',
  },
  empty_value: {
    kind: 'invalid',
    title: 'A value is missing',
    says: (p: { column: string }) => `The column "${p.column}" must have a value in each row, but a row has none.`,
    remedy: 'Filter out the rows without it, or compute a value for it.',
  },
  state: {
    kind: 'bug',
    title: 'Rows without a state',
    says: (p: { source: string }) =>
      `The source "${p.source}" gave no state with its last rows, so the next run would load them again. Nothing was loaded.`,
    remedy: 'Report this to the author of the connector.',
  },
  overtaken: {
    kind: 'conflict',
    title: 'Another run took over',
    says: (p: { name: string; stream: string }) =>
      `Another run of the pipeline "${p.name}" read the stream "${p.stream}" on at the same time, so this run stopped. The state of the stream is that of the other run.`,
    remedy: 'Look at the other run. Run the pipeline again when that run has ended.',
  },
  quality: {
    kind: 'invalid',
    title: 'A quality rule stopped the run',
    says: (p: { rule: string; rows: number }) =>
      `${p.rows} ${p.rows === 1 ? 'row breaks' : 'rows break'} the rule ${p.rule}, whose severity is "fail". Nothing was loaded.`,
    remedy: 'Correct the rows at the source, or lower the severity of the rule.',
  },
  engine: {
    kind: 'invalid',
    title: 'The engine stopped the run',
    says: (p: { because: string }) => `The engine says: ${p.because}`,
    remedy: 'POST /api/v1/pipelines/preview shows the rows after each step.',
  },
  engine_gone: {
    kind: 'unavailable',
    title: 'The engine stopped',
    says: () => 'The engine stopped during the run. No unfinished load was kept.',
    remedy: 'Run the pipeline again; nothing is written twice.',
  },
  disk: {
    kind: 'unavailable',
    title: 'Disk full',
    says: () => 'There is no space left on the disk of the warehouse.',
    remedy: 'Free some space and run the pipeline again; nothing is written twice.',
  },
  memory: {
    kind: 'limited',
    title: 'Too much memory',
    says: () => 'The run needed more memory than it may use.',
    remedy: 'Aggregate over fewer groups, or split the source.',
  },
  interrupted: {
    kind: 'unavailable',
    title: 'The server ended during the run',
    says: (p: { times: number }) =>
      `The server ended ${p.times} times during this run, so the run was stopped. Nothing was loaded twice.`,
    remedy: 'Run the pipeline again; nothing is written twice.',
  },
  bug: {
    kind: 'bug',
    title: 'Internal error',
    says: (p: { because: string }) => `The run failed with an unexpected error: ${p.because}`,
    remedy: 'Check the logs of the run and report the error.',
  },
})
