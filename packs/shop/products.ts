export interface Product {
  readonly sku: string
  readonly title: string
  readonly category: string
  readonly cents: number
  readonly costCents: number
  readonly active: boolean
}

const lines: readonly [category: string, items: readonly [title: string, cents: number, costCents: number][]][] = [
  [
    'coffee',
    [
      ['House blend 250 g', 890, 410],
      ['Single origin 250 g', 1290, 640],
      ['Espresso 1 kg', 2690, 1380],
      ['Decaf 250 g', 990, 480],
    ],
  ],
  [
    'brewing',
    [
      ['Pour-over cone', 2490, 1120],
      ['Paper filters 100', 490, 140],
      ['French press 1 l', 3490, 1690],
      ['Moka pot 6 cups', 3290, 1500],
    ],
  ],
  [
    'grinders',
    [
      ['Hand grinder', 7900, 4300],
      ['Electric grinder', 18900, 11200],
    ],
  ],
  [
    'cups',
    [
      ['Cup, stoneware', 1490, 560],
      ['Cup set of four', 4990, 2050],
      ['Travel mug', 2790, 1180],
    ],
  ],
  [
    'machines',
    [
      ['Espresso machine', 64900, 41800],
      ['Milk frother', 5900, 2900],
    ],
  ],
]

export const products: readonly Product[] = lines.flatMap(([category, items]) =>
  items.map(([title, cents, costCents], index) => ({
    sku: `${category.slice(0, 3).toUpperCase()}-${index + 1}`,
    title,
    category,
    cents,
    costCents,
    active: title !== 'Decaf 250 g',
  })),
)

/** The price list as the shop's back office would export it. */
export const priceList = [
  'sku,title,category,price,cost,status',
  ...products.map((product) =>
    [
      product.sku,
      `"${product.title}"`,
      product.category,
      product.cents / 100,
      product.costCents / 100,
      product.active ? 'active' : 'retired',
    ].join(','),
  ),
  '',
].join('\n')
