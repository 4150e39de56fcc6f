/** A request and what came back, for tests that look into answers. */
export interface Reply {
  readonly status: number
  readonly body: any // `any`: bodies differ by route
}

export interface CallRequest {
  readonly method: string
  readonly body?: string | Uint8Array | object | undefined
  readonly headers?: Readonly<Record<string, string>>
}

/** Objects are sent as JSON. A body that comes back as JSON is parsed; of no bytes, it is undefined. */
export async function callAt(
  url: string,
  { method, body, headers = {} }: CallRequest,
): Promise<Reply & { readonly headers: Headers }> {
  const isJson = typeof body === 'object' && !(body instanceof Uint8Array)
  const response = await fetch(url, {
    method,
    headers: { ...(isJson ? { 'content-type': 'application/json' } : {}), ...headers },
    ...(body === undefined ? {} : { body: isJson ? JSON.stringify(body) : (body as string | Uint8Array<ArrayBuffer>) }),
    signal: AbortSignal.timeout(120_000),
  })
  const text = await response.text()
  const parsed =
    response.headers.get('content-type')?.includes('json') === true && text !== '' ? JSON.parse(text) : text
  return { status: response.status, body: text === '' ? undefined : parsed, headers: response.headers }
}
