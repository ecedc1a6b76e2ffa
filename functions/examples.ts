/** A caller of the description's examples. */
export const EXAMPLE_CALLER = '5d0b7a61-2c4f-4f7e-9a34-0c1d2e3f4a5b';

/** The incident of the description's examples, in the example's tenant. */
export const EXAMPLE_INCIDENT = '1001';

/** The hash of an invitation's id, as lists show it. */
export const EXAMPLE_INVITATION = 'Xq3vQ0jJrVZQ7Yb1bGmJw2n6hK5cT8sPzE4uL9oDfAM';

/** A subscription of the description's examples. */
export const EXAMPLE_SUBSCRIPTION = '0c7f5f6e-54c9-4a56-9f0e-3f7f6e0d2b11';

/** A hunt of the description's examples. */
export const EXAMPLE_HUNT = '6f0c3d1e-52a7-4b0e-8f5d-2a9c7e4b1d30';

/** A saved query of the description's examples. */
export const EXAMPLE_QUERY_NAME = 'logons-of-account';

/** A query of the description's examples. */
export const EXAMPLE_QUERY =
  'DeviceInfo | where Timestamp > ago(1d) | summarize arg_max(Timestamp, *) by DeviceId';

/** A receiver of webhooks in the sandbox: anywhere else it has to be https. */
export const EXAMPLE_RECEIVER = 'http://127.0.0.1:9000/incidents';
