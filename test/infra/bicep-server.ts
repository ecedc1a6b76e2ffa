import { spawn } from 'node:child_process';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { ROOT } from './project.ts';

/** Values of a deployment's parameters. */
export type Parameters = Readonly<Record<string, string | number | boolean>>;

/** One resource that a deployment would make. */
export interface PredictedResource {
  readonly id?: string;
  readonly type: string;
  readonly name?: string;
  readonly [property: string]: unknown;
}

/** Where the predicted deployments happen. */
const METADATA = {
  tenantId: '11111111-1111-1111-1111-111111111111',
  subscriptionId: '22222222-2222-2222-2222-222222222222',
  location: 'westeurope',
  deploymentName: 'main',
};

const answerSchema = v.object({
  id: v.number(),
  result: v.optional(v.unknown()),
  error: v.optional(v.unknown()),
});
const snapshotSchema = v.pipe(
  v.object({ snapshot: v.pipe(v.string(), v.parseJson()) }),
  v.transform(({ snapshot }) => snapshot),
  v.object({
    predictedResources: v.array(v.custom<PredictedResource>((value) => typeof value === 'object')),
  }),
);

/** A running compiler that says, without Azure, what the committed template would deploy. */
export async function startBicepServer(compiler: string) {
  const folder = await mkdtemp(join(tmpdir(), 'deployments-'));
  await cp(join(ROOT, 'infra/main.json'), join(folder, 'main.json'));
  const { send, stop: stopCompiler } = startJsonRpc(compiler);
  const predict = async (parameters: Parameters): Promise<readonly PredictedResource[]> => {
    const path = join(folder, `${crypto.randomUUID()}.bicepparam`);
    await writeFile(path, toParameterFile(parameters));
    const { result, error } = await send('bicep/getSnapshot', { path, metadata: METADATA });
    if (!error) return v.parse(snapshotSchema, result).predictedResources;
    // What the compiler itself refuses is only described here.
    const compiled = await send('bicep/compileParams', { path, parameterOverrides: {} });
    throw new Error(JSON.stringify([error, compiled.result]));
  };
  const stop = async () => {
    stopCompiler();
    await rm(folder, { recursive: true, force: true });
  };
  return { predict, stop };
}

function toParameterFile(parameters: Parameters): string {
  const lines = Object.entries(parameters).map(([name, value]) => {
    return `param ${name} = ${typeof value === 'string' ? `'${value}'` : value}`;
  });
  return ["using 'main.json'", ...lines, ''].join('\n');
}

/** JSON-RPC over the standard streams, framed as language servers do. */
function startJsonRpc(compiler: string) {
  const child = spawn(compiler, ['jsonrpc', '--stdio'], { stdio: ['pipe', 'pipe', 'ignore'] });
  const waiting = new Map<number, (answer: v.InferOutput<typeof answerSchema>) => void>();
  let received = Buffer.alloc(0);
  child.stdout.on('data', (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
    for (let body = takeBody(); body !== undefined; body = takeBody()) {
      const answer = v.parse(answerSchema, JSON.parse(body));
      waiting.get(answer.id)?.(answer);
    }
  });
  const takeBody = (): string | undefined => {
    const start = received.indexOf('\r\n\r\n') + 4;
    const length = Number(/Content-Length: (\d+)/i.exec(String(received.subarray(0, start)))?.[1]);
    if (start < 4 || !(received.length >= start + length)) return undefined;
    const body = String(received.subarray(start, start + length));
    received = received.subarray(start + length);
    return body;
  };
  const send = (method: string, params: unknown) => {
    const id = waiting.size + 1;
    const body = JSON.stringify({ jsonrpc: '2.0', id, method, params });
    child.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
    return new Promise<v.InferOutput<typeof answerSchema>>((resolve) => waiting.set(id, resolve));
  };
  return { send, stop: () => child.kill() };
}
