import { createContext } from 'react'

/**
 * What a form writes in place of a kept secret that a person removes: for pipelines an absent setting removes it,
 * for connections `null` does.
 */
export const RemovedSecret = createContext<null | undefined>(undefined)
