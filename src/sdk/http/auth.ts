/** How a request proves who sends it. */
export type HttpAuth =
  | { readonly type: 'bearer'; readonly token: string }
  | { readonly type: 'basic'; readonly user: string; readonly password: string }
  | { readonly type: 'header'; readonly name: string; readonly value: string }
  | { readonly type: 'query'; readonly name: string; readonly value: string }

export interface Authorised {
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
}

export function authorised(url: URL, auth: HttpAuth): Authorised {
  switch (auth.type) {
    case 'bearer':
      return { url, headers: { authorization: `Bearer ${auth.token}` } }
    case 'basic': {
      const pair = Buffer.from(`${auth.user}:${auth.password}`).toString('base64')
      return { url, headers: { authorization: `Basic ${pair}` } }
    }
    case 'header':
      return { url, headers: { [auth.name.toLowerCase()]: auth.value } }
    case 'query': {
      const signed = new URL(url)
      signed.searchParams.set(auth.name, auth.value)
      return { url: signed, headers: {} }
    }
  }
}
