import { execFile } from 'node:child_process';
import { access, constants, mkdtemp, readFile, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

const PROJECT = join(import.meta.dirname, '../../infra/compiler/bicep.csproj');
const PACKAGE = 'Azure.Bicep.CommandLine.linux-x64';

/** What a run of a program said on both its streams, and whether it failed. */
export interface RunResult {
  readonly failed: boolean;
  readonly output: string;
}

/** Runs a program to its end; a program that can't be started has failed. */
export function runProgram(path: string, args: readonly string[], cwd?: string) {
  return new Promise<RunResult>((resolve) => {
    execFile(path, [...args], { cwd, timeout: 300_000 }, (error, stdout, stderr) =>
      resolve({ failed: error !== null, output: `${stdout}${stderr}` || (error?.message ?? '') }),
    );
  });
}

/**
 * The path of a Bicep compiler: the pinned package if NuGet's folder has it, else the one on PATH
 * or of `az bicep`. `undefined`: there is none. It downloads nothing.
 */
export async function findCompiler(): Promise<string | undefined> {
  return (await findPinnedCompiler()) ?? (await findInstalledCompiler());
}

/** The path of the pinned compiler, `undefined` if NuGet's folder lacks it. */
export async function findPinnedCompiler(): Promise<string | undefined> {
  const folder = process.env.NUGET_PACKAGES ?? join(homedir(), '.nuget/packages');
  const version = await readPinnedVersion();
  return await findExecutable([join(folder, PACKAGE.toLowerCase(), version, 'tools/bicep')]);
}

/** The path of the compiler on PATH or of `az bicep install`, `undefined` if there is none. */
export async function findInstalledCompiler(): Promise<string | undefined> {
  const onPath = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, 'bicep'));
  return await findExecutable([...onPath, join(homedir(), '.azure/bin/bicep')]);
}

/** Fetches the pinned compiler from NuGet; its hash must be the one of packages.lock.json. */
export async function restoreCompiler(): Promise<RunResult> {
  const folder = await mkdtemp(join(tmpdir(), 'bicep-restore-'));
  // NuGet would otherwise leave its notes beside the project, and believe them in the next run.
  const notes = `-p:BaseIntermediateOutputPath=${folder}/`;
  const result = await runProgram('dotnet', ['restore', PROJECT, '--locked-mode', notes]);
  await rm(folder, { recursive: true, force: true });
  return result;
}

/** The exact version of the compiler that infra/compiler pins. */
export async function readPinnedVersion(): Promise<string> {
  const [, version] = /Version="\[([\d.]+)\]"/.exec(await readFile(PROJECT, 'utf8')) ?? [];
  if (!version) throw new Error(`${PROJECT} pins no exact version.`);
  return version;
}

async function findExecutable(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) {
    const found = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) return path;
  }
  return undefined;
}
