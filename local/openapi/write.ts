import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { toClientTypes } from './client-types.ts';
import { createOpenApiDocument } from './document.ts';
import { toRoutesText } from './routes-page.ts';

const DOCS = join(import.meta.dirname, '../../docs');

/** The committed description as it has to be. */
export function toOpenApiText(): string {
  return `${JSON.stringify(createOpenApiDocument(), undefined, 2)}\n`;
}

/** The committed types of the client as they have to be. */
export function toClientText(): string {
  return toClientTypes(createOpenApiDocument());
}

if (import.meta.main) {
  await writeFile(join(DOCS, 'openapi.json'), toOpenApiText());
  await writeFile(join(DOCS, 'client/broker-api.ts'), toClientText());
  await writeFile(join(DOCS, 'routes.md'), toRoutesText());
}
