import { execFile } from 'node:child_process';
import { access } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { fillOnboarding } from '../../local/onboarding/document.ts';
import { APP_ROLES } from '../../shared/callers/caller.ts';
import { TEXTS } from '../../shared/consent/languages/languages.ts';
import { listKnownPermissions } from '../../shared/resources/permissions.ts';
import { findPaths, ROOT, readJson, readText } from './project.ts';
import { moduleAt, template } from './template.ts';

const ALL_TEXTS = Object.values(TEXTS);

const documents = ['README.md', ...(await findPaths('{docs,infra}/**/*.md'))];
const deploy = await readText('docs/deploy.md');
const run = promisify(execFile);

/** Anchors as GitHub makes them of headings. */
function toAnchors(text: string): readonly string[] {
  const headings = [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => heading);
  return headings.map((heading) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

test.each(documents)('every link of %s to the project leads somewhere', async (document) => {
  const text = await readText(document);
  const links = [...text.matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)/g)];
  const lost = await Promise.all(
    links.map(async ([link, path, anchor]) => {
      const target = path ? join(dirname(document), path) : document;
      const found = await access(join(ROOT, target)).then(
        () => true,
        () => false,
      );
      if (!found) return [link];
      return anchor && !toAnchors(await readText(target)).includes(anchor) ? [link] : [];
    }),
  );
  expect(lost.flat()).toEqual([]);
});

test.each(['docs/deploy.md', 'docs/operations.md', 'docs/partners.md', 'docs/runbook.md'])(
  'the commands of %s are shell',
  async (path) => {
    const blocks = [...(await readText(path)).matchAll(/^ *```sh\n(.*?)^ *```/gms)];
    const script = blocks.map(([, block = '']) => block.replaceAll(/<[\w ]+>/g, 'x')).join('\n');
    expect(blocks).not.toEqual([]);
    await expect(run('sh', ['-n', '-c', script])).resolves.toBeTruthy();
  },
);

test('the deployment guide names what can be set, with its default', async () => {
  const { parameters } = await readJson('infra/main.parameters.json');
  const values = Object.values<{ value: string }>(parameters).map(({ value }) => value);
  const settable = values.flatMap((value) => {
    const [, name, fallback] = /^\$\{([A-Z_]+)=(.+)\}$/.exec(value) ?? [];
    return name?.startsWith('BROKER_') ? [`| \`${name}\` | \`${fallback}\` |`] : [];
  });
  expect(settable.length).toBeGreaterThan(8);
  expect(settable.filter((row) => !deploy.includes(row))).toEqual([]);
  const plain = values.map((value) => /^\$\{([A-Z_]+)/.exec(value)?.[1] ?? '');
  const unknown = [...deploy.matchAll(/azd env set ([A-Z_]+)/g)].map(([, name = '']) => name);
  expect(unknown.filter((name) => !plain.includes(name))).toEqual([]);
});

test('the deployment guide uses variables that azd has, and names every app role', () => {
  const commands = [...deploy.matchAll(/^ *```sh\n(.*?)^ *```/gms)]
    .map(([, block]) => block)
    .join('');
  const made = [...commands.matchAll(/^ *(?:for )?([A-Z_]+)(?:=| in )/gm)].map(([, name]) => name);
  const used = [...commands.matchAll(/\$([A-Z_]+)/g)].map(([, name = '']) => name);
  expect(used.filter((name) => !(name in template.outputs) && !made.includes(name))).toEqual([]);
  expect(APP_ROLES.filter((role) => !deploy.includes(`\`${role}\``))).toEqual([]);
});

test('every table and queue that is created is described', async () => {
  const texts = await Promise.all(documents.map(readText));
  const storage: Record<'tables' | 'queues', readonly string[]> =
    await readJson('infra/storage.json');
  const { tables, queues } = storage;
  const isDescribed = (name: string) => texts.some((text) => text.includes(`\n| \`${name}\` |`));
  expect(tables.filter((name) => !isDescribed(name))).toEqual([]);
  expect(queues.filter((name) => !texts.some((text) => text.includes(`\`${name}\``)))).toEqual([]);
});

test('the cost estimate adds up, and counts every alert', async () => {
  const costs = await readText('docs/costs.md');
  const table = costs.slice(
    costs.indexOf('| always-ready baseline'),
    costs.indexOf('| **together**'),
  );
  const rows = table
    .trim()
    .split('\n')
    .map((row) => row.split('|').slice(3, 6).map(Number));
  const sums = [0, 1, 2].map((i) => Math.round(rows.reduce((sum, row) => sum + (row[i] ?? 0), 0)));
  expect(rows).toHaveLength(10);
  expect(costs).toContain(`| **together** | |${sums.map((sum) => ` **about ${sum}** |`).join('')}`);
  const every = moduleAt('alerts').variables.rules as { every: string }[];
  const count = (period: string) => every.filter((rule) => rule.every === period).length;
  expect(costs).toContain(
    `| alerts | ${count('PT5M')} rules each 5 min × 1.50, ${count('PT15M')} each 15 min and ${count('PT1H')} each hour × 0.50 |`,
  );
});

test('docs/onboarding.md says what the consent pages say: npm run onboarding', async () => {
  const text = await readText('docs/onboarding.md');
  const places = ALL_TEXTS.flatMap(({ language }) =>
    ['permissions', 'limits', 'roles', 'withdraw'].map((name) => `${language} ${name} -->`),
  );
  expect(
    text
      .split('<!-- npm run onboarding: ')
      .slice(1)
      .map((part) => part.split('\n')[0]),
  ).toEqual(places);
  expect(fillOnboarding(text, ALL_TEXTS)).toBe(text);
});

test('every language tells customers the same, section by section', async () => {
  const text = await readText('docs/onboarding.md');
  const [, ...parts] = text.split(/^## /m);
  const shapes = parts.map((part) =>
    part.split('\n').flatMap((line) => {
      const mark = /^(###|\d\.|-|\*\*)/.exec(line)?.[1];
      return mark ? [mark] : [];
    }),
  );
  expect(parts.map((part) => part.split('\n')[0])).toEqual([
    'English',
    'Español',
    'Italiano',
    'Deutsch',
    'Français',
    'Português',
  ]);
  expect(shapes).toEqual(parts.map(() => shapes[0]));
  const buttons = ALL_TEXTS.map(({ invitation }) => `*${invitation.button}*`);
  expect(parts.map((part, index) => part.includes(buttons[index] ?? '?'))).not.toContain(false);
  expect(parts.map((part) => part.split('`Machine.LiveResponse`').length)).toEqual(
    parts.map(() => 3),
  );
});

test('only Machine.LiveResponse opens content, as docs/onboarding.md says', () => {
  const opening = listKnownPermissions().filter(({ opensContent }) => opensContent);
  expect(opening.map(({ role }) => role)).toEqual(['Machine.LiveResponse']);
});

test.each(['xx permissions', 'en prices'])('a place %s fails', (place) => {
  const text = `<!-- npm run onboarding: ${place} -->\n<!-- end -->`;
  expect(() => fillOnboarding(text, ALL_TEXTS)).toThrow(place);
});
