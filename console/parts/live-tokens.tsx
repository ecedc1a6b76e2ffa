import type { IssuancePage } from '../../docs/client/broker-api.ts';
import { toHref } from '../router.ts';
import { Age, Until } from './marks.tsx';
import { type Column, Table } from './table.tsx';
import { TenantLink } from './tenant-link.tsx';

/** A token that a caller received. */
export type Issuance = IssuancePage['value'][number];

const COLUMNS: readonly Column<Issuance>[] = [
  { name: 'Received', cell: ({ recorded_at }) => <Age of={recorded_at} /> },
  {
    name: 'Customer',
    cell: ({ tenant_id, tenant_name, tenant_hash }) =>
      tenant_id ? <TenantLink id={tenant_id} name={tenant_name} /> : tenant_hash,
  },
  { name: 'Resource', cell: ({ resource }) => resource },
  {
    name: 'Caller',
    cell: ({ caller, caller_name }) => (
      <a href={toHref(['access', caller])} title={caller}>
        {caller_name ?? caller}
      </a>
    ),
  },
  { name: 'Rule', cell: ({ rule }) => rule },
  { name: 'Works until', cell: ({ expires_at }) => <Until at={expires_at} /> },
  { name: 'Token hash', cell: ({ token_hash }) => <code>{token_hash.slice(0, 12)}…</code> },
];

/** Tokens that were handed out. */
export function LiveTokens({ tokens, empty }: { tokens: readonly Issuance[]; empty: string }) {
  return (
    <Table
      caption="Tokens"
      columns={COLUMNS}
      rows={tokens}
      keyOf={({ token_hash, caller }) => `${token_hash} ${caller}`}
      empty={empty}
    />
  );
}
