import type { HuntStatus } from '../../docs/client/broker-api.ts';
import { fetchPage } from '../api.ts';
import { download } from '../download.ts';

/** Reads all pages as CSV, one after the other, and saves them as one file. */
export async function saveResults({ hunt_id, name }: HuntStatus): Promise<void> {
  const parts: Blob[] = [];
  let path: string | undefined = `/api/hunts/${hunt_id}/results?format=csv`;
  while (path !== undefined) {
    const page: Awaited<ReturnType<typeof fetchPage>> = await fetchPage(path);
    parts.push(page.body);
    // A hunt that runs has a next page at any time: an empty one is the end for now.
    path = page.body.size === 0 ? undefined : page.next;
  }
  const title = (name ?? 'hunt').replace(/[^\w-]+/g, '-').slice(0, 60);
  download(parts, { name: `${title}-${hunt_id.slice(0, 8)}.csv`, type: 'text/csv' });
}
