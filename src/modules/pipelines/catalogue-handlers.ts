import { severities } from '#core/pipeline'
import type { Handlers } from '#kernel/contract'
import { pageOf } from '#kernel/paging'
import { settingsSchema } from '#sdk'
import type { pipelinesContract } from './contract.ts'
import { rules } from './quality/catalogue.ts'
import { steps } from './steps/catalogue.ts'

/** What a pipeline can be made of. */
export const catalogueHandlers: Pick<Handlers<typeof pipelinesContract>, 'transformations' | 'rules'> = {
  transformations: ({ query }) =>
    pageOf(
      'pipelines.transformations',
      steps.map((step) => ({
        type: step.type,
        title: step.title,
        about: step.about,
        settings: settingsSchema(step.settings),
        example: { ...step.example },
      })),
      query,
    ),
  rules: ({ query }) =>
    pageOf(
      'pipelines.rules',
      rules.map((rule) => ({
        type: rule.type,
        title: rule.title,
        about: rule.about,
        settings: settingsSchema(rule.settings),
        example: { ...rule.example },
        severities: [...severities],
      })),
      query,
    ),
}
