import type { OpenTable } from '../../shared/azure/tables/table-store.ts';

/**
 * Lets a client write columns that have the SDK's names of keys and versions: a column `raw_rowKey`
 * is sent as `rowKey`.
 */
export async function allowReservedNames(open: OpenTable): Promise<void> {
  const { pipeline } = await open();
  pipeline.addPolicy(
    {
      name: 'rawNames',
      sendRequest(request, next) {
        if (typeof request.body !== 'string' || !request.body.includes('"raw_'))
          return next(request);
        request.body = request.body.replaceAll('"raw_', '"');
        request.headers.set('content-length', String(Buffer.byteLength(request.body)));
        return next(request);
      },
    },
    { afterPhase: 'Serialize' },
  );
}
