import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** What is used of the language service, which comes as two scripts that declare a global. */
interface Kusto {
  readonly Language: {
    readonly GlobalState: { readonly Default: GlobalState };
    readonly KustoCode: { ParseAndAnalyze(text: string, globals: GlobalState): Code };
    readonly Symbols: {
      readonly TableSymbol: {
        readonly $ctor7: new (name: string, schema: string, description: null) => unknown;
      };
      readonly DatabaseSymbol: { readonly ctor: new (name: string, tables: unknown[]) => unknown };
    };
  };
}
interface GlobalState {
  WithDatabase(database: unknown): GlobalState;
}
interface Code {
  GetDiagnostics(): { readonly Count: number; getItem(index: number): { Message: string } };
}

/**
 * Columns that are used of the tables of Azure Monitor, from their pages "Azure Monitor Logs
 * reference - …".
 */
const TABLES: Readonly<Record<string, string>> = {
  AppTraces: 'TimeGenerated: datetime, Message: string, OperationName: string, ItemCount: int',
  AppRequests:
    'TimeGenerated: datetime, Name: string, Success: bool, ResultCode: string, DurationMs: real, ItemCount: int',
  AppExceptions:
    'TimeGenerated: datetime, OperationName: string, ExceptionType: string, OuterMessage: string',
  StorageQueueLogs:
    'TimeGenerated: datetime, OperationName: string, StatusCode: string, Uri: string, AccountName: string',
  StorageBlobLogs:
    'TimeGenerated: datetime, OperationName: string, Category: string, StatusCode: string, Uri: string, AccountName: string, RequesterObjectId: string, CallerIpAddress: string',
  AZKVAuditLogs:
    'TimeGenerated: datetime, OperationName: string, Id: string, Identity: dynamic, CallerIPAddress: string, ResultSignature: string',
  _LogOperation:
    'TimeGenerated: datetime, Category: string, Operation: string, Detail: string, Level: string',
  Usage: 'TimeGenerated: datetime, DataType: string, Quantity: real',
};

let service: { readonly kusto: Kusto; readonly globals: GlobalState } | undefined;

/**
 * What the language service finds wrong in a query over the workspace's tables; none: it is valid
 * KQL.
 */
export function findKqlProblems(query: string): readonly string[] {
  service ??= loadService();
  const { kusto, globals } = service;
  const diagnostics = kusto.Language.KustoCode.ParseAndAnalyze(query, globals).GetDiagnostics();
  return Array.from({ length: diagnostics.Count }, (_, i) => diagnostics.getItem(i).Message);
}

function loadService() {
  require('@kusto/language-service-next/bridge.min.js');
  require('@kusto/language-service-next/Kusto.Language.Bridge.min.js');
  const { Kusto: kusto } = globalThis as unknown as { Kusto: Kusto };
  const { DatabaseSymbol, TableSymbol } = kusto.Language.Symbols;
  const tables = Object.entries(TABLES).map(
    ([name, columns]) => new TableSymbol.$ctor7(name, `(${columns})`, null),
  );
  const database = new DatabaseSymbol.ctor('workspace', tables);
  return { kusto, globals: kusto.Language.GlobalState.Default.WithDatabase(database) };
}
