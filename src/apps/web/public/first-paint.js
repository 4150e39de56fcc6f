// Runs before the first paint, so that a chosen theme never flashes. A file, because the pages allow no inline script.
try {
  const theme = localStorage.getItem('millrace.theme')
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
} catch {
  // Storage may be closed to us; then the system's theme holds.
}
