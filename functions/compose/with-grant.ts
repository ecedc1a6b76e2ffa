import { createMayHaveOfSome } from '../../shared/callers/authorize.ts';
import type { Caller } from '../../shared/callers/caller.ts';
import type { GrantableName } from '../../shared/callers/grants.ts';
import { toDeniedError } from '../../shared/tenants/tenant-errors.ts';
import type { Tokens } from './tokens.ts';

/** A caller without any grant of a name is refused at once: the broker looks nothing up. */
export function createWithGrant({ watch, grants }: Tokens, name: GrantableName) {
  const mayHaveOfSome = createMayHaveOfSome(grants);
  return <Query extends { readonly caller: Caller }, Answer>(
    answer: (query: Query) => Promise<Answer>,
  ) =>
    async (query: Query): Promise<Answer> => {
      await watch.ensureCurrent();
      if (!(await mayHaveOfSome(query.caller, name))) throw toDeniedError();
      return await answer(query);
    };
}
