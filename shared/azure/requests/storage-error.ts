import { BrokerError } from '../../errors.ts';

/** The HTTP status of an SDK's error, `undefined` when no answer arrived. */
export function findStatus(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('statusCode' in error)) return undefined;
  return typeof error.statusCode === 'number' ? error.statusCode : undefined;
}

/**
 * Runs a storage call; the statuses in `expected` answer `undefined`, everything else is
 * `temporarily_unavailable`.
 */
export async function reachStorage<T>(call: () => Promise<T>): Promise<T>;
export async function reachStorage<T>(
  call: () => Promise<T>,
  expected: readonly number[],
): Promise<T | undefined>;
export async function reachStorage<T>(
  call: () => Promise<T>,
  expected: readonly number[] = [],
): Promise<T | undefined> {
  try {
    return await call();
  } catch (error) {
    const status = findStatus(error);
    if (status !== undefined && expected.includes(status)) return undefined;
    throw new BrokerError('temporarily_unavailable', 'Azure Storage does not answer as expected.', {
      owner: 'partner',
      remedy: "Check the storage account and the managed identity's roles on it.",
      retryAfterSeconds: 5,
      cause: error,
    });
  }
}

/** The pages of a list; a page that can't be fetched is `temporarily_unavailable`. */
export async function* reachPages<Page>(pages: AsyncIterable<Page>): AsyncGenerator<Page> {
  const iterator = pages[Symbol.asyncIterator]();
  for (;;) {
    const { done, value } = await reachStorage(() => iterator.next());
    if (done) return;
    yield value;
  }
}
