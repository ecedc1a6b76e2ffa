import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Spec, Validation } from '@cyclonedx/cyclonedx-library';
import { afterAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { buildBundle } from '../../local/build.ts';
import { readDeployedPackages } from '../../local/supply/deployed-packages.ts';
import { findForbidden, toNotices } from '../../local/supply/licences.ts';
import { createSbom } from '../../local/supply/sbom.ts';
import { findPaths, ROOT, readJson, readText } from './project.ts';

const folder = await mkdtemp(join(tmpdir(), 'bundle-'));
afterAll(() => rm(folder, { recursive: true, force: true }));
const metafiles = await buildBundle(folder);
const deployed = await readDeployedPackages(ROOT, metafiles);
const { packages: locked } = await readJson('package-lock.json');
const manifest = await readJson('package.json');
const workflow = await readText('.github/workflows/ci.yml');

test('the bill of materials is CycloneDX, and the same each time', async () => {
  const sbom = await createSbom(metafiles);
  const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6);
  expect(await validator.validate(JSON.stringify(sbom))).toBeNull();
  expect(await createSbom(metafiles)).toEqual(sbom);
});

test('it names what is in the bundle, with its hash, and nothing else', async () => {
  const { components, dependencies } = await createSbom(metafiles);
  const names = components.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(['jose', 'valibot', ...azurePackages()]));
  expect(names.filter((name) => name in manifest.devDependencies)).toEqual(['@azure/msal-node']);
  const hashes = components.map(({ hashes: [hash] }) => hash?.content.length);
  expect(new Set(hashes)).toEqual(new Set([128]));
  expect(dependencies.find(({ ref }) => ref.includes('jwa@'))?.dependsOn).toHaveLength(3);
});

function azurePackages(): readonly string[] {
  return Object.keys(manifest.dependencies).filter((name) => name.startsWith('@azure/'));
}

test('nothing that is deployed comes with the tools only', () => {
  const tools = deployed.filter(({ folder: at }) => locked[at].dev);
  expect(tools.map(({ name }) => name)).toEqual([]);
});

test('everything that is deployed has a licence that we can keep', () => {
  expect(findForbidden(deployed)).toEqual([]);
});

test('another licence is named, and no package is built with it', () => {
  const [first] = deployed;
  const copyleft = first ? [{ ...first, name: 'left', version: '1.0.0', licence: 'GPL-3.0' }] : [];
  expect(findForbidden(copyleft)).toEqual(['left 1.0.0: GPL-3.0']);
  expect(() => toNotices(copyleft)).toThrow('left 1.0.0: GPL-3.0');
});

test('the notices name every package, with its licence as it is', () => {
  const notices = toNotices(deployed);
  const lost = deployed.filter(({ name, version, licence, notice }) => {
    return !notices.includes(`\n${name} ${version} (${licence})\n\n${notice}`);
  });
  expect(lost).toEqual([]);
  expect(deployed.filter(({ notice }) => notice === '').map(({ name }) => name)).toEqual([
    '@nodable/entities',
    'proxy-agent-negotiate',
  ]);
});

test('every version is exact, and every archive is known by its hash', () => {
  const wanted = Object.values({ ...manifest.dependencies, ...manifest.devDependencies });
  expect(
    wanted.filter((version) => !/^(npm:@?[\w/-]+@)?\d+\.\d+\.\d+$/.test(String(version))),
  ).toEqual([]);
  const { '': _, ...archives } = locked;
  const entries = Object.entries<{ integrity?: string; inBundle?: boolean }>(archives);
  const unknown = entries.filter(([, { integrity, inBundle }]) => !integrity && !inBundle);
  expect(unknown.map(([path]) => path)).toEqual([]);
});

test('workflows run pinned actions, and may only read, or sign in where a deployment is looked at', async () => {
  const paths = await findPaths('.github/workflows/*.yml');
  const workflows = (await Promise.all(paths.map(readText))).join('\n');
  const uses = [...workflows.matchAll(/uses: (.*)$/gm)].map(([, action = '']) => action);
  expect(uses.length).toBeGreaterThan(3);
  expect(uses.filter((action) => !/^[\w/-]+@[0-9a-f]{40} # v[\d.]+$/.test(action))).toEqual([]);
  expect(parse(workflow).permissions).toEqual({ contents: 'read' });
  const rights = [...workflows.matchAll(/^ +(.*: write)$/gm)].map(([, right]) => right);
  expect(rights).toEqual(['id-token: write']);
  expect(parse(workflow).jobs.preview.permissions).toEqual({
    contents: 'read',
    'id-token': 'write',
  });
  expect(workflows.match(/(persist-credentials: true|pull_request_target)/)).toBeNull();
});

test('updates are looked for in every ecosystem, after they have been out for a while', async () => {
  const { updates } = parse(await readText('.github/dependabot.yml'));
  const looks = updates.map((update: Record<string, unknown>) => update['package-ecosystem']);
  expect(looks).toEqual(['npm', 'github-actions', 'nuget']);
  const waits = updates.map(({ cooldown }: { cooldown: unknown }) => cooldown);
  expect(waits).toEqual([
    { 'default-days': 7, 'semver-major-days': 30 },
    { 'default-days': 7 },
    { 'default-days': 7 },
  ]);
});
