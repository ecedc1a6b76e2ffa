/** A query that Microsoft would refuse with status 400, in its own words. */
export class QueryError extends Error {
  override readonly name = 'QueryError';
}

/** A text that is no query. */
export function toSyntaxError(text: string, at: number, token: string): QueryError {
  const before = text.slice(0, at);
  const line = before.split('\n').length;
  const position = at - before.lastIndexOf('\n');
  return new QueryError(
    `A recognition error occurred. Token: '${token}', Line: ${line}, Position: ${position}. Fix syntax errors in your query.`,
  );
}

/** A name that stands for nothing here. */
export function toUnresolvedError(
  what: 'scalar' | 'table or column',
  name: string,
  operator?: string,
): QueryError {
  const where = operator === undefined ? '' : `'${operator}' operator: `;
  return new QueryError(
    `${where}Failed to resolve ${what} expression named '${name}'. Fix semantic errors in your query.`,
  );
}

/** A query that can be read and means nothing. */
export function toSemanticError(sentence: string): QueryError {
  return new QueryError(`${sentence} Fix semantic errors in your query.`);
}
