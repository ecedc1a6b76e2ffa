import { randomUUID } from 'node:crypto';
import { describeError, type HostLog } from '../host-log.ts';
import type {
  CoreInvocationContext,
  FunctionCallback,
  InvocationModel,
  InvocationRequest,
  InvocationResponse,
  LogLevel,
  RegisteredFunction,
  TypedData,
} from './contract.ts';
import type { CoreModule } from './core-module.ts';
import { withReadOnly } from './hooks.ts';

/** What a trigger hands over for one run. */
interface InvocationInput {
  readonly data: TypedData;
  readonly triggerMetadata?: Readonly<Record<string, TypedData>>;
  /** The caller's `traceparent` (W3C Trace Context), whose trace goes on. */
  readonly traceParent?: string | undefined;
  /** The caller's `tracestate`, which belongs to its trace. */
  readonly traceState?: string | undefined;
}

/** Runs a function once through the library; rejects with the error that the app left. */
export type Invoke = (
  fn: RegisteredFunction,
  input: InvocationInput,
) => Promise<InvocationResponse>;

/** Makes the function that runs functions, following the worker's invocation handler. */
export function createInvoke(core: CoreModule, log: HostLog): Invoke {
  return async (fn, input) => {
    const invocationId = randomUUID();
    const { name } = fn.metadata;
    const started = performance.now();
    const write = (level: LogLevel, message: string) =>
      log({
        time: Date.now(),
        level,
        category: `Function.${name}`,
        functionName: name,
        invocationId,
        message,
      });
    const outcome = (state: string) =>
      `Executed 'Functions.${name}' (${state}, Id=${invocationId}, ` +
      `Duration=${Math.round(performance.now() - started)}ms)`;
    write('information', `Executing 'Functions.${name}' (Id=${invocationId})`);
    try {
      const response = await run(core, fn, toRequest(invocationId, fn, input));
      write('information', outcome('Succeeded'));
      return response;
    } catch (error) {
      write('error', `${outcome('Failed')} ${describeError(error)}`);
      throw error;
    }
  };
}

async function run(core: CoreModule, fn: RegisteredFunction, request: InvocationRequest) {
  const context = createContext(core, fn, request);
  const model = await core.getProgrammingModel().getInvocationModel(context);
  const { context: appContext, inputs } = await model.getArguments();
  context.appContext = appContext;
  const shared = { invocationContext: appContext, hookData: {}, appHookData: core.appHookData };
  const runHooks = async (name: 'preInvocation' | 'postInvocation', values: object) => {
    if (!core.hooks.has(name)) return;
    context.state = `${name}Hooks`;
    await core.hooks.run(name, withReadOnly(values, shared));
  };

  const before = { inputs, functionCallback: fn.callback };
  await runHooks('preInvocation', before);
  context.state = 'invocation';
  const after = await settle(model, appContext, before);
  context.state = undefined;
  await runHooks('postInvocation', after);
  context.state = undefined;

  if (after.error !== null && after.error !== undefined) throw after.error;
  return model.getResponse(appContext, after.result);
}

interface Run {
  readonly inputs: unknown[];
  readonly functionCallback: FunctionCallback;
}

async function settle(model: InvocationModel, appContext: unknown, run: Run) {
  const { inputs, functionCallback } = run;
  try {
    const result = await model.invokeFunction(appContext, inputs, functionCallback);
    return { inputs, result, error: null };
  } catch (error) {
    return { inputs, result: null, error };
  }
}

function createContext(core: CoreModule, fn: RegisteredFunction, request: InvocationRequest) {
  const { invocationId } = request;
  const functionName = fn.metadata.name;
  const context: CoreInvocationContext & { appContext: unknown } = {
    invocationId,
    request,
    metadata: fn.metadata,
    state: undefined,
    appContext: undefined,
    log: (level, category, message) => {
      const invocationContext = context.appContext;
      core.log({ level, category, message, functionName, invocationId, invocationContext });
    },
  };
  return context;
}

function toRequest(
  invocationId: string,
  fn: RegisteredFunction,
  input: InvocationInput,
): InvocationRequest {
  return {
    invocationId,
    functionId: fn.metadata.functionId ?? fn.metadata.name,
    inputData: [{ name: triggerName(fn), data: input.data }],
    triggerMetadata: input.triggerMetadata ?? {},
    traceContext: {
      traceParent: continueTrace(invocationId, input.traceParent),
      traceState: input.traceState ?? '',
      attributes: {},
    },
  };
}

function triggerName(fn: RegisteredFunction): string {
  // The library puts the trigger first among the bindings.
  return Object.keys(fn.metadata.bindings)[0] ?? '';
}

const TRACE_PARENT = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})$/;

function continueTrace(invocationId: string, parent: string | undefined): string {
  const [, traceId, flags] = TRACE_PARENT.exec(parent ?? '') ?? [];
  const own = invocationId.replaceAll('-', '');
  return `00-${traceId ?? own}-${own.slice(16)}-${flags ?? '00'}`;
}
