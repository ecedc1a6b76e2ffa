import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { toFailuresText } from './document.ts';

await writeFile(join(import.meta.dirname, '../../docs/failures.md'), toFailuresText());
