import { totalmem } from 'node:os'

/** Bytes that this process and its children may use together: the limit of the container, or the memory of the machine. */
export function availableMemory(limit = process.constrainedMemory(), machine = totalmem()): number {
  return limit > 0 && limit < machine ? limit : machine
}
