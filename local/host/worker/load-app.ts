import { glob, readFile } from 'node:fs/promises';
import { createRequire, Module } from 'node:module';
import { extname, join, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as v from 'valibot';
import type { CoreModule } from './core-module.ts';
import { systemError } from './hooks.ts';

/**
 * Loads the app and runs its start hooks in the worker's order; the result undoes what was
 * changed in this process. An app of ES modules can be loaded once per process, because the
 * module loader never forgets one.
 */
export async function loadApp(appRoot: string, core: CoreModule): Promise<() => void> {
  const forget = () => forgetModules(appRoot);
  forget();
  const removeProxy = installCoreModule(core.api);
  const unload = () => {
    removeProxy();
    forget();
  };
  try {
    await loadEntryFiles(appRoot);
    const { hooks, appHookData } = core;
    await hooks.run('appStart', { hookData: {}, appHookData, functionAppDirectory: appRoot });
    core.finishStartup();
    const capabilities = await core.getProgrammingModel().getCapabilities?.({ ...CAPABILITIES });
    if (capabilities?.HttpUri) throw new Error(STREAMING_UNSUPPORTED);
  } catch (error) {
    unload();
    throw error;
  }
  return unload;
}

const STREAMING_UNSUPPORTED =
  'app.setup({ enableHttpStream: true }) is not supported by this host: leave it out. See decision 0025.';

// What the Node worker announces; the library adds to it.
const CAPABILITIES = Object.fromEntries(
  [
    'RawHttpBodyBytes',
    'RpcHttpTriggerMetadataRemoved',
    'RpcHttpBodyOnly',
    'IgnoreEmptyValuedRpcHttpHeaders',
    'UseNullableValueDictionaryForHttp',
    'WorkerStatus',
    'TypedDataCollection',
    'HandlesWorkerTerminateMessage',
  ].map((name) => [name, 'true']),
);

const packageSchema = v.object({ main: v.string(), type: v.optional(v.string()) });
const require = createRequire(import.meta.url);

// The library asks with a plain `require`, which only the prototype can answer.
function installCoreModule(api: object): () => void {
  const original = Module.prototype.require;
  const proxy = new Proxy(original, {
    apply: (target, self, args: [string]) =>
      args[0] === '@azure/functions-core' ? api : Reflect.apply(target, self, args),
  });
  Module.prototype.require = proxy;
  return () => {
    if (Module.prototype.require === proxy) Module.prototype.require = original;
  };
}

async function loadEntryFiles(appRoot: string): Promise<void> {
  const text = await readFile(join(appRoot, 'package.json'), 'utf8');
  const { main, type } = v.parse(packageSchema, JSON.parse(text));
  const files: string[] = [];
  for await (const file of glob(main, { cwd: appRoot })) files.push(file);
  try {
    if (files.length === 0) throw new Error('Found zero files matching the supplied pattern.');
    for (const file of files.sort()) await loadScript(join(appRoot, file), type);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const message = `Worker was unable to load entry point "${main}": ${reason}`;
    throw systemError(new Error(message, { cause: error }));
  }
}

async function loadScript(file: string, packageType: string | undefined): Promise<void> {
  const extension = extname(file);
  const isModule =
    extension === '.mjs' ||
    extension === '.ts' ||
    (packageType === 'module' && extension !== '.cjs');
  if (isModule) await import(pathToFileURL(file).href);
  else require(file);
}

// The library remembers the worker it met first, so it must be as fresh as the app.
function forgetModules(appRoot: string): void {
  const nodeModules = `${sep}node_modules${sep}`;
  const library = `${nodeModules}@azure${sep}functions${sep}`;
  for (const file of Object.keys(require.cache)) {
    const ofApp = file.startsWith(join(appRoot, sep)) && !file.includes(nodeModules);
    if (ofApp || file.includes(library)) delete require.cache[file];
  }
}
