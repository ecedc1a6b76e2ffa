import { readParameter } from '../audit/audit-query.ts';
import { EVENT_KINDS } from '../audit/event-words.ts';
import { Events } from '../audit/events.tsx';
import { Tokens } from '../audit/tokens.tsx';
import { Choice, TextField, TimeField } from '../parts/fields.tsx';
import { NeedsRole, Page } from '../parts/page.tsx';
import { setQuery } from '../router.ts';

/** Who received which token, and what operators did, on a line of time. */
export function Audit() {
  const isTokens = readParameter('kind') === 'tokens';
  return (
    <Page title="Audit" question="Who did what, and who received which token, at that time?">
      <NeedsRole appRole="Audit.Read">
        <Filters isTokens={isTokens} />
        {isTokens ? <Tokens /> : <Events />}
      </NeedsRole>
    </Page>
  );
}

function Filters({ isTokens }: { isTokens: boolean }) {
  const filter = (name: string) => ({
    value: readParameter(name) ?? '',
    change: (value: string) => setQuery({ [name]: value }),
  });
  return (
    <form class="filters" onSubmit={(event) => event.preventDefault()}>
      <Choice label="Show" options={['tokens']} none="Events" {...filter('kind')} />
      <TimeField label="From" {...filter('from')} />
      <TimeField label="To" {...filter('to')} />
      <TextField label="Customer (id or domain)" type="search" {...filter('tenant')} />
      {isTokens ? (
        <>
          <TextField label="Caller (id)" {...filter('caller')} />
          <Choice
            label="Only"
            options={['alive', 'would_be_refused']}
            none="All"
            {...filter('only')}
          />
        </>
      ) : (
        <>
          <Choice label="About" options={Object.keys(EVENT_KINDS)} none="All" {...filter('act')} />
          <TextField label="Who (id)" {...filter('actor')} />
        </>
      )}
    </form>
  );
}
