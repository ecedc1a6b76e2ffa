/**
 * What keys of the ring are used for. Each purpose has keys of its own, so a value made for one
 * opens for no other: name a new purpose for a new kind of value.
 */
export type Purpose =
  | 'token'
  | 'consent state'
  | 'consent attempt'
  | 'console sign-in'
  | 'console session'
  | 'queue message'
  | 'incident cursor'
  | 'hunt cursor'
  | 'hunt name'
  | 'hunt query'
  | 'mcp cursor'
  | 'webhook target'
  | 'stored row';
