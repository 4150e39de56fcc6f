/** Cells of text files by the type of their column: those it takes, with their value, and those that are none of it. */
export const misread = {
  integer: ['99999999999999999999', '9223372036854775808', '1.5', '1e3', '12 3'],
  number: ['1.2.3', '1e999', 'one'],
  'decimal(6,2)': ['1.234', '1.2.3', '12345.6', '-', '0x1', '1e-25', '1.2000000000000000000000001'],
  'decimal(76,1)': ['123.74', '-12374e-2', '9'.repeat(77), '1e76'],
  boolean: ['maybe', '2'],
  date: ['2020-13-45', '2020-02-30', '9998-01-01', '1800-01-01', '5', '05/01/2020'],
  timestamp: [
    '2020-13-45T01:02:03',
    '2020-02-30T01:02:03Z',
    '2020-01-05 25:01:00',
    '2020-01-05 10:61:00',
    '5',
    '9998-01-01',
  ],
}
const read = {
  integer: { '9223372036854775807': '9223372036854775807', '-5': '-5', '""': null, '"7"': '7' },
  number: { '1e3': 1000, '.5': 0.5, '""': null, '-0.25': -0.25 },
  'decimal(6,2)': { '1.2': '1.20', '9999.99': '9999.99', '1e2': '100.00', '""': null, '-.5': '-0.50' },
  boolean: { true: true, No: false, '""': null, T: true, off: false },
  'decimal(76,1)': {
    '123.70': '123.7',
    '-1237e-1': '-123.7',
    '1.50000e2': '150.0',
    [`${'9'.repeat(75)}.9`]: `${'9'.repeat(75)}.9`,
  },
  date: {
    '2020-02-29': '2020-02-29',
    '2020-1-5': '2020-01-05',
    '"20200106"': '2020-01-06',
    '""': null,
    '1960-07-01': '1960-07-01',
  },
  timestamp: {
    '2020-01-05T10:00:00+02:00': '2020-01-05T08:00:00.000000Z',
    '2020-01-05 10:00:00.5': '2020-01-05T10:00:00.500000Z',
    '2020-01-05': '2020-01-05T00:00:00.000000Z',
    '"1577836800"': '2020-01-01T00:00:00.000000Z',
    '""': null,
  },
}

/** One for each value above. */
export const cells = Object.keys(misread).flatMap((type) => [
  ...Object.entries<unknown>(read[type as keyof typeof read]).map(([cell, value]) => ({ type, cell, value })),
  ...misread[type as keyof typeof misread].map((cell) => ({ type, cell, value: undefined })),
])
export const columnOf = (type: string): string => type.replaceAll(/\W+/g, '_')
