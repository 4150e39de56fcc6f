/** npm and npx that are killed take nobody with them, and a server nobody sees would keep the home. */
export function endWithNpm(end) {
  const parent = process.ppid
  if (!process.env['npm_lifecycle_event'] || parent <= 1) return
  const watch = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(watch)
    end()
  }, 500)
  watch.unref()
}
