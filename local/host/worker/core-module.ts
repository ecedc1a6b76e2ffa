import type {
  FunctionCallback,
  FunctionMetadata,
  LogCategory,
  LogLevel,
  ProgrammingModel,
  RegisteredFunction,
} from './contract.ts';
import { createHooks, type HookCallback, type Hooks, systemError, withReadOnly } from './hooks.ts';

/** A line that the library or the app wrote through the worker. */
export interface WorkerLog {
  readonly level: LogLevel;
  readonly category: LogCategory;
  readonly message: string;
  readonly functionName?: string;
  readonly invocationId?: string;
  /** The app's own context object, for log hooks. */
  readonly invocationContext?: unknown;
}

/** The worker half of the host: what the app registered and how to reach it. */
export interface CoreModule {
  /** The object behind `require('@azure/functions-core')`. */
  readonly api: object;
  readonly functions: ReadonlyMap<string, RegisteredFunction>;
  readonly hooks: Hooks;
  readonly appHookData: object;
  readonly getProgrammingModel: () => ProgrammingModel;
  readonly finishStartup: () => void;
  readonly log: (entry: WorkerLog) => void;
}

/** Builds the module that the real worker injects for `@azure/functions-core`. */
export function createCoreModule(write: (entry: WorkerLog) => void): CoreModule {
  const hooks = createHooks();
  const appHookData = {};
  const registry = createRegistry();
  const log = (entry: WorkerLog) => write(applyLogHooks(entry, hooks, appHookData));
  let model: ProgrammingModel | undefined;
  const getProgrammingModel = () => {
    if (!model) throw new Error(NOTHING_REGISTERED);
    return model;
  };
  const api = {
    version: WORKER_VERSION,
    hostVersion: HOST_VERSION,
    Disposable,
    registerHook: (name: string, callback: HookCallback) =>
      new Disposable(hooks.add(name, callback)),
    registerFunction: registry.register,
    setProgrammingModel: (next: ProgrammingModel) => {
      model = next;
    },
    getProgrammingModel,
    log: (level: LogLevel, category: LogCategory, message: string) =>
      log({ level, category, message }),
  };
  const { functions, finishStartup } = registry;
  return { api, functions, hooks, appHookData, getProgrammingModel, finishStartup, log };
}

const NOTHING_REGISTERED =
  'The app registered nothing with @azure/functions; ES modules register once per process.';
/** Reported to apps and by `/admin/host/status`; new enough for every feature of the library. */
export const HOST_VERSION = '4.1000.0';
const WORKER_VERSION = '3.10.0';
const FUNCTION_NAME = /^(?!host$)[a-z][a-z0-9_-]{0,127}$/i;

function createRegistry() {
  const functions = new Map<string, RegisteredFunction>();
  let started = false;
  const register = (metadata: FunctionMetadata, callback: FunctionCallback) => {
    const id = metadata.functionId ?? metadata.name;
    if (started) {
      throw systemError(new Error('A function can only be registered during app startup.'));
    }
    if (!FUNCTION_NAME.test(metadata.name)) {
      throw systemError(new Error(`"${metadata.name}" is not a valid function name.`));
    }
    if (functions.has(id)) {
      throw systemError(new Error(`A function with id "${id}" has already been registered.`));
    }
    functions.set(id, { metadata: { ...metadata, functionId: id }, callback });
    return new Disposable(() => functions.delete(id));
  };
  const finishStartup = () => {
    started = true;
  };
  return { functions, register, finishStartup };
}

function applyLogHooks(entry: WorkerLog, hooks: Hooks, appHookData: object): WorkerLog {
  if (!hooks.has('log')) return entry;
  const { level, message, category, invocationContext } = entry;
  const context = withReadOnly(
    { level, message },
    { category, invocationContext, hookData: {}, appHookData },
  );
  hooks.runNow('log', context);
  return category === 'user' ? { ...entry, level: context.level, message: context.message } : entry;
}

// A class because the contract has `new Disposable(callback)` and a static `from`.
class Disposable {
  readonly #onDispose: () => unknown;
  constructor(onDispose: () => unknown) {
    this.#onDispose = onDispose;
  }
  static from(...parts: { dispose: () => unknown }[]) {
    return new Disposable(() => {
      for (const part of parts) part.dispose();
    });
  }
  dispose() {
    return this.#onDispose();
  }
}
