import type * as v from 'valibot';

const TYPES: Readonly<Record<string, string>> = {
  string: 'Send a text.',
  number: 'Send a number.',
  integer: 'Send a whole number.',
  safe_integer: 'Send a whole number.',
  boolean: 'Send true or false.',
  array: 'Send a list.',
  strict_object: 'Send an object.',
  uuid: 'Send a GUID.',
};

const SEE = 'See the description of the API, GET /api/openapi.json.';

/** What to send instead, as a sentence; never what was sent. A schema's own message comes first. */
export function toHint(issue: v.BaseIssue<unknown>): string {
  // Valibot's own messages quote the input.
  if (!issue.message.startsWith('Invalid ')) return issue.message;
  if (issue.type === 'union') return issue.issues?.[0] ? toHint(issue.issues[0]) : SEE;
  return toRange(issue) ?? TYPES[issue.type] ?? SEE;
}

function toRange({ type, requirement, expected, input }: v.BaseIssue<unknown>): string | undefined {
  const unit = Array.isArray(input) ? 'entries' : 'characters';
  switch (type) {
    case 'picklist':
    case 'literal':
      return `Use one of ${[...(expected ?? '').matchAll(/"([^"]*)"/g)].map(([, word]) => word).join(', ')}.`;
    case 'min_length':
      return `Send ${requirement} ${unit} or more.`;
    case 'max_length':
      return `Send ${requirement} ${unit} or fewer.`;
    case 'min_value':
      return `Use ${requirement} or more.`;
    case 'max_value':
      return `Use ${requirement} or less.`;
    default:
      return undefined;
  }
}
