/** What a SELECT may be made of, as the engine's tree calls it. Everything else is refused by its name. */
export const allowedNodes: ReadonlySet<string> = new Set([
  'SelectWithUnionQuery',
  'SelectIntersectExceptQuery',
  'SelectQuery',
  'Subquery',
  'ExpressionList',
  'WithElement',
  'Identifier',
  'Literal',
  'Function',
  'Asterisk',
  'QualifiedAsterisk',
  'ColumnsTransformerList',
  'ColumnsExceptTransformer',
  'ColumnsReplaceTransformer',
  'ColumnsReplaceTransformer::Replacement',
  'TablesInSelectQuery',
  'TablesInSelectQueryElement',
  'TableExpression',
  'TableIdentifier',
  'TableJoin',
  'ArrayJoin',
  'SampleRatio',
  'WindowDefinition',
  'WindowListElement',
  'OrderByElement',
  'InterpolateElement',
])

/** Why one of the others is refused, where a sentence helps. */
export const refusedNodes: Readonly<Record<string, string>> = {
  Set: 'SETTINGS are not for queries of people.',
  Explain: 'EXPLAIN is not for queries of people.',
  ColumnsApplyTransformer: 'APPLY is not allowed, because it names a function out of sight; write the calls out.',
  ColumnsRegexpMatcher: 'COLUMNS(…) is not allowed; name the columns.',
  ColumnsListMatcher: 'COLUMNS(…) is not allowed; name the columns.',
  QualifiedColumnsRegexpMatcher: 'COLUMNS(…) is not allowed; name the columns.',
  QualifiedColumnsListMatcher: 'COLUMNS(…) is not allowed; name the columns.',
  QueryParameter: 'A parameter may stand for a value only.',
}

/** Tables that the engine makes out of nothing; time and rows are limited. */
export const allowedTableFunctions: ReadonlySet<string> = new Set([
  'numbers',
  'generate_series',
  'generateseries',
  'values',
])

/** The right side of these may name a table. */
export const membershipFunctions: ReadonlySet<string> = new Set([
  'in',
  'notin',
  'globalin',
  'globalnotin',
  'nullin',
  'notnullin',
  'globalnullin',
  'globalnotnullin',
])
