import { useState } from 'preact/hooks';
import { toCsv } from '../csv.ts';
import { download } from '../download.ts';
import { Badge } from '../parts/marks.tsx';
import { type Column, Table } from '../parts/table.tsx';
import { partnerName } from '../session.ts';
import type { Entry, EntryResult, Results } from './batch.ts';
import { CopyButton, LinkCard } from './link-card.tsx';
import { type Link, toMail } from './mail.ts';

interface Row {
  readonly number: number;
  readonly entry: Entry;
  readonly result: EntryResult;
}

/** What became of each customer of a pasted list, with the links to copy. */
export function BatchResults({
  entries,
  results,
  close,
}: {
  entries: readonly Entry[];
  results: Results;
  close: () => void;
}) {
  const [open, setOpen] = useState<Row>();
  const rows = entries.map((entry, number) => ({
    number,
    entry,
    result: results[number] ?? ({ kind: 'waiting' } as const),
  }));
  const invited = rows.flatMap(({ entry, result }) =>
    result.kind === 'invited' ? [{ entry, link: result.link }] : [],
  );
  if (open?.result.kind === 'invited') {
    return (
      <>
        <button type="button" onClick={() => setOpen(undefined)}>
          Back to the list
        </button>
        <LinkCard link={open.result.link} guess={open.entry.language} />
      </>
    );
  }
  return (
    <div aria-live="polite">
      <p>
        {invited.length} of {entries.length} are invited.{' '}
        {invited.length > 0 && 'The broker does not keep the links: save them now.'}
      </p>
      <Table
        caption="Results"
        columns={[...COLUMNS, toLinkColumn(setOpen)]}
        rows={rows}
        keyOf={({ number }) => String(number)}
        empty="The list is empty."
      />
      <div class="actions">
        {invited.length > 0 && (
          <button type="button" class="primary" onClick={() => saveLinks(invited)}>
            Save links and mails as CSV
          </button>
        )}
        <button type="button" onClick={close}>
          Close
        </button>
      </div>
    </div>
  );
}

const COLUMNS: readonly Column<Row>[] = [
  { name: 'Customer', cell: ({ entry }) => entry.tenant || 'Whoever opens it' },
  { name: 'Name', cell: ({ entry }) => entry.name || '–' },
  { name: 'Result', cell: ({ result }) => <ResultCell of={result} /> },
];

function ResultCell({ of }: { of: EntryResult }) {
  switch (of.kind) {
    case 'invited':
      return <Badge tone="good">invited</Badge>;
    case 'failed':
      return (
        <>
          <Badge tone="bad">not invited</Badge> <span class="small">{of.text}</span>
        </>
      );
    case 'unknown':
      return (
        <>
          <Badge tone="warn">unknown</Badge> <span class="small">{of.text}</span>
        </>
      );
    case 'running':
      return <Badge tone="calm">is sent</Badge>;
    case 'waiting':
      return <Badge tone="calm">not sent</Badge>;
  }
}

function toLinkColumn(open: (row: Row) => void): Column<Row> {
  return {
    name: 'Link',
    cell: (row) =>
      row.result.kind === 'invited' && (
        <div class="row-actions">
          <CopyButton label="Copy" text={row.result.link.consent_url} />
          <button type="button" onClick={() => open(row)}>
            Mail
          </button>
        </div>
      ),
  };
}

function saveLinks(invited: readonly { readonly entry: Entry; readonly link: Link }[]): void {
  const rows = invited.map(({ entry, link }) => {
    const { subject, body } = toMail(link, { language: entry.language, partner: partnerName() });
    return [entry.tenant, entry.name, link.consent_url, link.expires_at, subject, body];
  });
  const heading = ['tenant', 'name', 'consent_url', 'expires_at', 'subject', 'body'];
  download([toCsv([heading, ...rows])], { name: 'invitations.csv', type: 'text/csv' });
}
