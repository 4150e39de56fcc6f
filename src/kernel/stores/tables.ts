import type { Migrating } from '../module/migrations.ts'

/** The tables of this folder, in the schema `stores`. Later files may only add: a server of an older version may still run. */
export const storesTables: Migrating = { name: 'stores', migrations: new URL('./migrations/', import.meta.url) }
