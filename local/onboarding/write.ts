import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ALL_TEXTS } from '../../shared/consent/page/texts/language.ts';
import { fillOnboarding } from './document.ts';

const GUIDE = join(import.meta.dirname, '../../docs/onboarding.md');

await writeFile(GUIDE, fillOnboarding(await readFile(GUIDE, 'utf8'), ALL_TEXTS));
