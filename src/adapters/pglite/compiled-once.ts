/**
 * Leaves WebAssembly as it is first compiled. Compiling PostgreSQL a second time, optimized, takes some
 * 130 MB that are never given back, for statements that take three quarters of the time. Read by the
 * engine whenever it compiles a module, so it can still be set here.
 */
import { setFlagsFromString } from 'node:v8'

setFlagsFromString('--no-wasm-tier-up')
setFlagsFromString('--no-wasm-dynamic-tiering')
