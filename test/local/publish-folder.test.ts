import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { publishFolder } from '../../local/publish-folder.ts';

test('a folder gets what is new, loses what is gone, and keeps what is equal untouched', async () => {
  const root = await mkdtemp(join(tmpdir(), 'publish-'));
  onTestFinished(() => rm(root, { recursive: true }));
  const write = async (folder: string, files: Record<string, string>) => {
    for (const [name, text] of Object.entries(files)) {
      await mkdir(join(root, folder, 'sub'), { recursive: true });
      await writeFile(join(root, folder, name), text);
    }
  };
  await write('to', { same: '1', changed: '1', 'sub/gone': '1' });
  await write('from', { same: '1', changed: '2', 'sub/new': '2' });
  const { ino } = await stat(join(root, 'to/same'));

  await publishFolder(join(root, 'from'), join(root, 'to'));

  expect((await readdir(join(root, 'to'), { recursive: true })).toSorted()).toEqual([
    ...['changed', 'same', 'sub', 'sub/new'],
  ]);
  expect(await readFile(join(root, 'to/changed'), 'utf8')).toBe('2');
  expect((await stat(join(root, 'to/same'))).ino).toBe(ino);
  expect(await readdir(root)).toEqual(['to']);
});
