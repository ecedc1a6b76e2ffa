import { reachStorage } from '../requests/storage-error.ts';

/** A request to Blob Storage. */
export interface BlobRequest {
  readonly method: 'GET' | 'PUT' | 'DELETE';
  /** Below the account, without a leading slash. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
}

/** Sends a request; rejects on every status that is no success, with its `statusCode`. */
export type SendBlobRequest = (request: BlobRequest) => Promise<Buffer>;

/** A blob as it is listed; the time is epoch milliseconds. */
export interface ListedBlob {
  readonly name: string;
  readonly modifiedAt: number;
}

/**
 * One container of Blob Storage. Names consist of letters, digits, `-` and `/`: rows name blobs,
 * and a name with dots would lead to those of others. What is called otherwise is no blob of ours.
 */
export interface BlobContainer {
  /** Rejects for a name that is none. */
  put(name: string, content: Uint8Array): Promise<void>;
  /** `undefined`: there is no such blob. */
  find(name: string): Promise<Buffer | undefined>;
  /** A missing one is fine. */
  remove(name: string): Promise<void>;
  /** Page by page, in the order of names. */
  list(prefix: string): AsyncIterable<readonly ListedBlob[]>;
}

const NAME = /^[\w-]+(?:\/[\w-]+)*$/;

const EXISTS = [409];
const MISSING = [404];

/** Creates the access to a container, which is created on first use. */
export function createBlobContainer(
  connect: () => Promise<SendBlobRequest>,
  container: string,
): BlobContainer {
  let opened: Promise<SendBlobRequest> | undefined;
  const open = async () => {
    const send = await connect();
    const request = { method: 'PUT', path: container, query: { restype: 'container' } } as const;
    await reachStorage(() => send(request), EXISTS);
    return send;
  };
  const openOnce = () => {
    opened ??= open().catch((error: unknown) => {
      opened = undefined;
      throw error;
    });
    return opened;
  };
  const reach = async (request: BlobRequest, expected: readonly number[] = []) => {
    const send = await openOnce();
    return await reachStorage(() => send(request), expected);
  };

  return {
    async put(name, body) {
      if (!NAME.test(name)) throw new Error('It is no name of a blob.');
      await reach({ method: 'PUT', path: `${container}/${name}`, body });
    },
    async find(name) {
      if (!NAME.test(name)) return undefined;
      return await reach({ method: 'GET', path: `${container}/${name}` }, MISSING);
    },
    async remove(name) {
      if (!NAME.test(name)) return;
      await reach({ method: 'DELETE', path: `${container}/${name}` }, MISSING);
    },
    async *list(prefix) {
      let marker: string | undefined = '';
      while (marker !== undefined) {
        const query: Record<string, string> = {
          ...{ restype: 'container', comp: 'list' },
          ...(prefix && { prefix }),
          ...(marker && { marker }),
        };
        const xml: string = String(await reach({ method: 'GET', path: container, query }));
        yield parseBlobs(xml);
        marker = /<NextMarker>([^<]+)<\/NextMarker>/.exec(xml)?.[1];
      }
    },
  };
}

/** "List Blobs", Blob Storage REST API; our names need no entity of XML. */
function parseBlobs(xml: string): readonly ListedBlob[] {
  return [...xml.matchAll(/<Blob>.*?<\/Blob>/gs)].flatMap(([blob]) => {
    const name = /<Name>([\w/-]+)<\/Name>/.exec(blob)?.[1];
    const modified = /<Last-Modified>([^<]+)<\/Last-Modified>/.exec(blob)?.[1] ?? '';
    const modifiedAt = Date.parse(modified);
    return name === undefined || Number.isNaN(modifiedAt) ? [] : [{ name, modifiedAt }];
  });
}
