import type * as v from 'valibot';
import type { LimitedWork } from '../../shared/budgets/caller-limits.ts';
import type { AppRole, Caller } from '../../shared/callers/caller.ts';
import type { Services } from '../services.ts';

/** Who calls a tool, and with what it works. */
export interface ToolCall {
  readonly caller: Caller;
  readonly services: Services;
  readonly correlationId: string;
}

/** What a tool answers: JSON that names the customer that it is about. */
export type ToolAnswer = Readonly<Record<string, unknown>>;

/** A tool as an agent sees it. */
export interface Tool {
  /** At most 64 characters (MCP, tool names). */
  readonly name: string;
  readonly title: string;
  /** What it does; never an instruction to the model. */
  readonly description: string;
  /** The app role without which it is not even listed. */
  readonly role: AppRole;
  readonly input: v.GenericSchema;
  /** It changes something at the customer. */
  readonly isChange: boolean;
  /** It changes nothing at a customer, but starts work that costs customers' quotas. */
  readonly isCostly: boolean;
  /** Work that counts against the caller's budget. */
  readonly work?: LimitedWork | undefined;
  readonly run: (input: unknown, call: ToolCall) => Promise<ToolAnswer>;
}

/** Makes a tool whose function gets what its schema made of the arguments. */
export function defineTool<S extends v.GenericSchema>(tool: {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly role: AppRole;
  readonly input: S;
  readonly isChange?: boolean;
  readonly isCostly?: boolean;
  readonly work?: LimitedWork;
  readonly run: (input: v.InferOutput<S>, call: ToolCall) => Promise<ToolAnswer>;
}): Tool {
  // The server validates the arguments with the same schema before it calls.
  const run = (input: unknown, call: ToolCall) => tool.run(input as v.InferOutput<S>, call);
  return { ...tool, isChange: tool.isChange ?? false, isCostly: tool.isCostly ?? false, run };
}
