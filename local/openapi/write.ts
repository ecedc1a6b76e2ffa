import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createOpenApiDocument } from './document.ts';

const PATH = join(import.meta.dirname, '../../docs/openapi.json');

/** The committed description as it has to be. */
export function toOpenApiText(): string {
  return `${JSON.stringify(createOpenApiDocument(), undefined, 2)}\n`;
}

if (import.meta.main) await writeFile(PATH, toOpenApiText());
