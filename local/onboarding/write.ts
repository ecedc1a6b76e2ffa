import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TEXTS } from '../../shared/consent/languages/languages.ts';
import { fillOnboarding } from './document.ts';
import { toRegistrationPermissions } from './registration.ts';

const ROOT = join(import.meta.dirname, '../..');
const GUIDE = join(ROOT, 'docs/onboarding.md');

await writeFile(GUIDE, fillOnboarding(await readFile(GUIDE, 'utf8'), Object.values(TEXTS)));
await writeFile(join(ROOT, 'infra/entra/permissions.json'), toRegistrationPermissions());
