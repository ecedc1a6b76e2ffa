import { toHref } from '../router.ts';

/**
 * A customer by name, with what tells it apart from others of that name; by its id where it has
 * none.
 */
export function TenantLink({
  id,
  name,
  detail = id,
}: {
  id: string;
  name: string | undefined;
  /** The domain, where it is known. */
  detail?: string | undefined;
}) {
  return (
    <>
      <a class="name" href={toHref(['customers', id])}>
        {name ?? id}
      </a>
      {name && (
        <div class="quiet small id" title={id}>
          {name === detail ? id : detail}
        </div>
      )}
    </>
  );
}
