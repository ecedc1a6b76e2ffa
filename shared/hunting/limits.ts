/** Rows of one customer where a hunt says nothing else, and at most. */
export const MAX_ROWS = 1_000_000;

/** Rows of all customers together where a hunt says nothing else, and at most. */
export const MAX_TOTAL_ROWS = 5_000_000;
