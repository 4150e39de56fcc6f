/** The files of a new module by their path in it: one table, two operations, a face, a test. */
export function moduleFiles(name: string): Readonly<Record<string, string>> {
  const camel = name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())
  const Type = camel[0]!.toUpperCase() + camel.slice(1)
  const schema = name.replaceAll('-', '_')
  return {
    'README.md': `# ${Type}

What it is for: one or two sentences.

Words: **item**, what this module keeps; replace it by the noun a customer would say.

Promises: what always holds, and which test shows it.
`,
    'index.ts': `import { face } from '#kernel/module'
import type { ${Type}Item } from './contract.ts'

export const ${camel} = face<${Type}>('${name}')

/** What other modules may do here. Every call names the workspace of its actor. */
export interface ${Type} {
  list(workspace: string): Promise<readonly ${Type}Item[]>
}
`,
    'contract.ts': `import { z } from 'zod'
import { defineContract, operation } from '#kernel/contract'

export const ${Type}Item = z.strictObject({ name: z.string().min(1).max(100) })
export type ${Type}Item = z.output<typeof ${Type}Item>

export const ${camel}Contract = defineContract('${name}', {
  list: operation({
    method: 'GET',
    path: '/api/v1/${name}',
    permission: '${name}.read',
    summary: 'The items of the workspace.',
    answer: z.object({ items: z.array(${Type}Item), next: z.string().nullable() }),
  }),
  create: operation({
    method: 'POST',
    path: '/api/v1/${name}',
    permission: '${name}.write',
    summary: 'Add an item.',
    body: ${Type}Item,
    answer: ${Type}Item,
    status: 201,
  }),
})
`,
    'errors.ts': `import { defineErrors } from '#core/errors'

export const ${camel}Errors = defineErrors('${name}', {
  taken: {
    kind: 'conflict',
    title: 'Name taken',
    says: (p: { name: string }) => \`There is an item "\${p.name}" already.\`,
    remedy: 'Choose another name.',
  },
})
`,
    'catalogue.ts': `import type { Metadata } from '#ports/metadata'
import type { ${Type}Item } from './contract.ts'
import { ${camel}Errors } from './errors.ts'

/** The items of all workspaces, each seen from its own only. */
export function ${camel}Catalogue(metadata: Metadata) {
  return {
    async list(workspace: string): Promise<readonly ${Type}Item[]> {
      const { rows } = await metadata.inWorkspace(workspace).query<${Type}Item>('select name from ${schema}.item order by name')
      return rows
    },
    async create(workspace: string, item: ${Type}Item): Promise<${Type}Item> {
      const { affected } = await metadata
        .inWorkspace(workspace)
        .query('insert into ${schema}.item (workspace, name) values ($1, $2) on conflict do nothing', [workspace, item.name])
      if (affected === 0) throw ${camel}Errors.taken(item)
      return item
    },
  }
}
`,
    'module.ts': `import { defineModule } from '#kernel/module'
import { ${camel}Catalogue } from './catalogue.ts'
import { ${camel}Contract } from './contract.ts'
import { ${camel}Errors } from './errors.ts'
import type { ${Type} } from './index.ts'

export default defineModule({
  name: '${name}',
  about: 'One sentence.',
  needs: {},
  permissions: { '${name}.read': 'See the items.', '${name}.write': 'Add items.' },
  contract: ${camel}Contract,
  errors: ${camel}Errors,
  migrations: new URL('./migrations/', import.meta.url),
  async start({ ports }) {
    const catalogue = ${camel}Catalogue(ports.metadata)
    const face: ${Type} = { list: catalogue.list }
    return {
      face,
      handlers: {
        list: async ({ workspace }) => ({ items: [...(await catalogue.list(workspace))], next: null }),
        create: ({ workspace, body }) => catalogue.create(workspace, body),
      },
    }
  },
})
`,
    [`migrations/0001-${name}.sql`]: `create schema if not exists ${schema};

create table ${schema}.item (
  workspace text not null,
  name text not null,
  created_at timestamptz not null default now(),
  primary key (workspace, name)
);
alter table ${schema}.item enable row level security;
alter table ${schema}.item force row level security;
create policy workspace on ${schema}.item
  using (workspace = current_setting('millrace.workspace', true))
  with check (workspace = current_setting('millrace.workspace', true));
`,
    'module.test.ts': `import assert from 'node:assert/strict'
import { test } from 'node:test'
import ${camel} from './module.ts'

test('every operation asks for a permission that the module declares', () => {
  for (const { permission } of Object.values(${camel}.contract.operations)) assert.ok(permission in ${camel}.permissions, permission)
})
`,
  }
}
