import { EntraError } from '../errors.ts';

/** The parameters of a token request. */
export type Form = ReadonlyMap<string, string>;

/** Reads a form; throws when it is not one, or repeats a parameter. */
export async function readForm(request: Request): Promise<Form> {
  const text = await request.text();
  const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/x-www-form-urlencoded' || /%(?![0-9a-f]{2})/i.test(text)) {
    throw new EntraError(9002313, 'Invalid request. Request is malformed or invalid.');
  }
  const form = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(text)) {
    if (form.has(name)) {
      throw new EntraError(
        9000411,
        `The request is not properly formatted. The parameter '${name}' is duplicated.`,
      );
    }
    form.set(name, value);
  }
  return form;
}

/** Gets a parameter; throws 900144 when it is absent and 90014 when it is empty. */
export function requireParameter(form: Form, name: string): string {
  const value = form.get(name);
  if (value === undefined) {
    throw new EntraError(
      900144,
      `The request body must contain the following parameter: '${name}'.`,
    );
  }
  if (value === '') {
    throw new EntraError(90014, `The required field '${name}' is missing from the request.`);
  }
  return value;
}
