import type { IssuancePage } from '../../docs/client/broker-api.ts';
import { call, toQuery } from '../api.ts';
import { toApiName } from '../customers/capabilities.tsx';
import { useLoaded } from '../load.ts';
import { Badge, Until } from '../parts/marks.tsx';
import { Content } from '../parts/page.tsx';
import { Pager, usePages } from '../parts/pager.tsx';
import { toHref } from '../router.ts';
import { EXPORT_PAGE, readParameter, toAuditQuery, VIEW_PAGE } from './audit-query.ts';
import { shortenId } from './event-words.ts';
import { ExportButtons } from './export-buttons.tsx';
import { type Moment, Timeline } from './timeline.tsx';

type Issuance = IssuancePage['value'][number];

const DAY_MS = 24 * 60 * 60_000;

const COLUMNS: readonly (keyof Issuance)[] = [
  'recorded_at',
  'issued_at',
  'expires_at',
  'caller',
  'caller_name',
  'tenant_id',
  'tenant_name',
  'resource',
  'rule',
  'would_be_denied',
  'token_hash',
  'uti',
  'correlation_id',
];

/** Who received which token, the oldest first. */
export function Tokens() {
  const only = readParameter('only');
  const filters = {
    ...toAuditQuery(DAY_MS),
    caller: readParameter('caller'),
    live: only === 'alive' ? ('true' as const) : undefined,
    would_be_denied: only === 'would_be_refused' ? ('true' as const) : undefined,
  };
  const key = JSON.stringify(filters);
  const pages = usePages(key);
  const load = (cursor: string | undefined, limit: number) =>
    call('listIssuances', { query: toQuery({ ...filters, limit, cursor }) });
  const tokens = useLoaded(`tokens ${key} ${pages.cursor}`, () => load(pages.cursor, VIEW_PAGE));
  return (
    <Content of={tokens}>
      {({ value, next_cursor }) => (
        <>
          <div class="list-head">
            <p class="quiet">Oldest first; each caller and token once.</p>
            <ExportButtons
              name="audit-tokens"
              columns={COLUMNS}
              load={(cursor) => load(cursor, EXPORT_PAGE)}
            />
          </div>
          <Timeline moments={value.map(toMoment)} empty="No token was handed out in this time." />
          <Pager pages={pages} next={next_cursor} name="Newer" />
        </>
      )}
    </Content>
  );
}

function toMoment(token: Issuance): Moment {
  const { token_hash, caller, recorded_at: at, would_be_denied } = token;
  const tone = would_be_denied ? 'bad' : 'calm';
  return { key: `${token_hash} ${caller}`, at, tone, content: <What token={token} /> };
}

function What({ token }: { token: Issuance }) {
  const { caller, caller_name, tenant_id, tenant_name, tenant_hash, ...rest } = token;
  return (
    <>
      <p>
        <a href={toHref(['access', caller])} title={caller}>
          {caller_name ?? caller}
        </a>{' '}
        received a token for {toApiName(rest.resource)} of{' '}
        {tenant_id ? (
          <a href={toHref(['customers', tenant_id])}>{tenant_name ?? tenant_id}</a>
        ) : (
          <span title={tenant_hash}>a customer that is gone ({shortenId(tenant_hash)})</span>
        )}{' '}
        {rest.would_be_denied && <Badge tone="bad">would be refused</Badge>}
      </p>
      <p class="quiet small">
        {new Date(rest.expires_at) > new Date() ? (
          <>
            ends <Until at={rest.expires_at} />
          </>
        ) : (
          'ended'
        )}{' '}
        · rule {rest.rule} · <span title={rest.token_hash}>{shortenId(rest.token_hash)}</span>
      </p>
    </>
  );
}
