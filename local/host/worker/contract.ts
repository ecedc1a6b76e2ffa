/** Levels of the worker protocol. */
export type LogLevel =
  | 'trace'
  | 'debug'
  | 'information'
  | 'warning'
  | 'error'
  | 'critical'
  | 'none';

/** Who wrote a line: the app, or the library and the worker. */
export type LogCategory = 'user' | 'system' | 'customMetric';

/** A value that may be absent on the wire. */
export interface Nullable<T> {
  readonly value: T;
}

/** An HTTP request as the host hands it to the library. */
export interface HttpRequestData {
  readonly url: string;
  readonly method: string;
  readonly nullableHeaders: Record<string, Nullable<string>>;
  readonly nullableQuery: Record<string, Nullable<string>>;
  readonly nullableParams: Record<string, Nullable<string>>;
  readonly body?: { readonly bytes: Uint8Array };
}

/** A cookie as the library returns it; `none` means that no SameSite attribute is sent. */
export interface HttpCookie {
  readonly name: string;
  readonly value: string;
  readonly domain?: Nullable<string>;
  readonly path?: Nullable<string>;
  readonly expires?: Nullable<{ readonly seconds: number }>;
  readonly secure?: Nullable<boolean>;
  readonly httpOnly?: Nullable<boolean>;
  readonly sameSite?: 'none' | 'lax' | 'strict' | 'explicitNone';
  readonly maxAge?: Nullable<number>;
}

/** An HTTP response as the library returns it. */
export interface HttpResponseData {
  readonly statusCode?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cookies?: readonly HttpCookie[];
  readonly body?: { readonly bytes?: Uint8Array; readonly string?: string };
}

/** One value on the wire; exactly one field is set. */
export interface TypedData {
  readonly string?: string;
  readonly json?: string;
  readonly http?: HttpRequestData;
}

/** What the host sends to run a function once. */
export interface InvocationRequest {
  readonly invocationId: string;
  readonly functionId: string;
  readonly inputData: readonly { readonly name: string; readonly data: TypedData }[];
  readonly triggerMetadata: Readonly<Record<string, TypedData>>;
  readonly traceContext: {
    readonly traceParent: string;
    readonly traceState: string;
    readonly attributes: Readonly<Record<string, string>>;
  };
}

/** What comes back from a run that did not throw. */
export interface InvocationResponse {
  readonly returnValue?: { readonly http?: HttpResponseData } | null;
  readonly outputData?: readonly { readonly name: string }[];
}

/** The app's handler. */
export type FunctionCallback = (...args: unknown[]) => unknown;

/** What the library registers for each function. */
export interface FunctionMetadata {
  readonly name: string;
  readonly functionId?: string;
  readonly bindings: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** A registered function with its handler. */
export interface RegisteredFunction {
  readonly metadata: FunctionMetadata;
  readonly callback: FunctionCallback;
}

/** The worker's side of one invocation, handed to the library. */
export interface CoreInvocationContext {
  readonly invocationId: string;
  readonly request: InvocationRequest;
  readonly metadata: FunctionMetadata;
  state: 'preInvocationHooks' | 'invocation' | 'postInvocationHooks' | undefined;
  readonly log: (level: LogLevel, category: LogCategory, message: string) => void;
}

/** The library's side of one invocation. */
export interface InvocationModel {
  getArguments(): Promise<{ context: unknown; inputs: unknown[] }>;
  invokeFunction(context: unknown, inputs: unknown[], callback: FunctionCallback): Promise<unknown>;
  getResponse(context: unknown, result: unknown): Promise<InvocationResponse>;
}

/** What the library sets with `setProgrammingModel`. */
export interface ProgrammingModel {
  getInvocationModel(context: CoreInvocationContext): InvocationModel | Promise<InvocationModel>;
  getCapabilities?(
    defaults: Record<string, string>,
  ): Record<string, string> | Promise<Record<string, string>>;
}
