/** The parts of a key, or an error that names it: never outside the folder, never a name that a file system reads otherwise. */
export function keyParts(key: string): string[] {
  const parts = key.split('/')
  const bad =
    key.length === 0 ||
    key.length > 900 ||
    parts.some(
      (part) =>
        part === '' ||
        part === '.' ||
        part === '..' ||
        Buffer.byteLength(part) > 255 ||
        /[\u0000-\u001f\u007f\\]/.test(part),
    )
  if (bad)
    throw new Error(
      `The blob key "${key.slice(0, 200)}" is not "/"-separated names without "..", empty parts, backslashes or control characters.`,
    )
  return parts
}
