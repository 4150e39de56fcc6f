import { Waves } from 'lucide-react'
import type { ModulePages } from '#ui/page-route'

export const pages: ModulePages = {
  navigation: [
    {
      to: '/pipelines',
      title: 'Pipelines',
      group: 'Data',
      icon: <Waves size={16} strokeWidth={1.75} />,
      key: 'p',
      inBar: true,
    },
  ],
  home: [
    { place: 'top', mayBeEmpty: true, load: async () => (await import('./FailingPipelines.tsx')).FailingPipelines },
    {
      place: 'main',
      title: 'Pipelines',
      all: { title: 'All pipelines', to: '/pipelines' },
      load: async () => (await import('./PipelineHealth.tsx')).PipelineHealth,
    },
    { place: 'side', title: 'Lately', load: async () => (await import('./Lately.tsx')).Lately },
  ],
  actions: [{ title: 'Create a pipeline', to: '/pipelines/new' }],
  pages: [
    { path: '/pipelines', load: async () => (await import('./PipelineList.tsx')).PipelineList },
    { path: '/pipelines/new', load: async () => (await import('./form/PipelineForm.tsx')).PipelineForm },
    { path: '/pipelines/$id/edit', load: async () => (await import('./form/PipelineForm.tsx')).PipelineForm },
    { path: '/pipelines/$id', load: async () => (await import('./PipelineDetail.tsx')).PipelineDetail },
  ],
  find: async (signal) => (await import('./find.ts')).find(signal),
}
