/**
 * Runs in a worker thread of a child process, since its main thread may be held by native code: when the
 * parent is gone the process ends at once, so what it holds is free for the next start.
 */
const parent = process.ppid

setInterval(() => {
  if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL')
}, 250)
