import { TableClient, TableServiceClient } from '@azure/data-tables';
import {
  AccountSASPermissions,
  AccountSASResourceTypes,
  AccountSASServices,
  generateAccountSASQueryParameters,
  QueueServiceClient,
  StorageSharedKeyCredential,
} from '@azure/storage-queue';

/** Something that storage holds, as text. */
interface Held {
  readonly place: string;
  readonly text: string;
}

const LOCAL = { allowInsecureConnection: true };

/**
 * Everything that a storage account holds: each row with its keys, each message that can be peeked,
 * each blob.
 */
export async function readStorage(connectionString: string): Promise<readonly Held[]> {
  const held = [
    await readTables(connectionString),
    await readQueues(connectionString),
    await readBlobs(connectionString),
  ];
  return held.flat();
}

/** Where an id stands, in any case, without its dashes, or inside of base64. */
export function findPlaces(held: readonly Held[], id: string): readonly string[] {
  const forms = [id, id.replaceAll('-', '')];
  const holds = (text: string) => forms.some((form) => text.toLowerCase().includes(form));
  return held
    .filter(({ text }) => holds(text) || [...decodeAll(text)].some(holds))
    .map(({ place }) => place);
}

function* decodeAll(text: string): Generator<string> {
  for (const [encoded] of text.matchAll(/[\w+/-]{20,}/g)) {
    yield Buffer.from(encoded, 'base64url').toString('latin1');
  }
}

async function readTables(connectionString: string): Promise<readonly Held[]> {
  const held: Held[] = [];
  const service = TableServiceClient.fromConnectionString(connectionString, LOCAL);
  for await (const { name = '' } of service.listTables()) {
    const table = TableClient.fromConnectionString(connectionString, name, LOCAL);
    for await (const row of table.listEntities()) {
      held.push({ place: `table ${name}`, text: JSON.stringify(row) });
    }
  }
  return held;
}

async function readQueues(connectionString: string): Promise<readonly Held[]> {
  const held: Held[] = [];
  const service = QueueServiceClient.fromConnectionString(connectionString);
  for await (const { name } of service.listQueues()) {
    const client = service.getQueueClient(name);
    const { peekedMessageItems } = await client.peekMessages({ numberOfMessages: 32 });
    for (const { messageText } of peekedMessageItems) {
      held.push({ place: `queue ${name}`, text: messageText });
    }
  }
  return held;
}

/** By plain requests: the broker has no client for blobs. */
async function readBlobs(connectionString: string): Promise<readonly Held[]> {
  const ask = createBlobReader(connectionString);
  const held: Held[] = [];
  for (const container of namesIn(await ask('', 'comp=list'))) {
    for (const name of namesIn(await ask(`/${container}`, 'restype=container&comp=list'))) {
      const text = await ask(`/${container}/${encodeURIComponent(name)}`, '');
      held.push({ place: `blobs ${container}`, text: `${name} ${text}` });
    }
  }
  return held;
}

function namesIn(xml: string): readonly string[] {
  return [...xml.matchAll(/<Name>(.*?)<\/Name>/g)].map(([, name = '']) => name);
}

function createBlobReader(connectionString: string) {
  const part = (name: string) =>
    connectionString
      .split(';')
      .find((text) => text.startsWith(`${name}=`))
      ?.slice(name.length + 1) ?? '';
  const sas = generateAccountSASQueryParameters(
    {
      services: AccountSASServices.parse('b').toString(),
      resourceTypes: AccountSASResourceTypes.parse('sco').toString(),
      permissions: AccountSASPermissions.parse('rl'),
      expiresOn: new Date(Date.now() + 600_000),
    },
    new StorageSharedKeyCredential(part('AccountName'), part('AccountKey')),
  );
  return async (path: string, query: string): Promise<string> => {
    const response = await fetch(`${part('BlobEndpoint')}${path}?${query}&${sas}`);
    if (!response.ok) throw new Error(`Blobs answered ${response.status} for ${path}.`);
    return await response.text();
  };
}
