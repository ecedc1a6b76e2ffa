import type { RefusalTexts } from '../texts.ts';

/** The pages of refused consents in English. */
export const REFUSALS_EN: RefusalTexts = {
  invitation_unknown: {
    title: 'This link is not valid',
    lines: [
      'Please check that you copied the whole link, or ask your security partner for a new one.',
    ],
  },
  invitation_expired: {
    title: 'This link has expired',
    lines: [
      'For your security, links expire after a few days. Please ask your security partner for a new one.',
    ],
  },
  invitation_used: {
    title: 'This link has already been used',
    lines: ['Each link works once. If that was not you, please tell your security partner.'],
  },
  invitation_revoked: {
    title: 'This link was withdrawn',
    lines: [
      'Your security partner has withdrawn it. Please ask for a new one if you still need it.',
    ],
  },
  cross_site: {
    title: 'Please use the button on our page',
    lines: [
      'This request came from another site. Nothing was changed. Please open the link that your security partner sent you.',
    ],
  },
  state_missing: {
    title: 'This page can’t be opened directly',
    lines: ['Please open the link that your security partner sent you.'],
  },
  state_invalid: {
    title: 'This answer does not belong to a request of ours',
    lines: ['Nothing was changed. Please open the link that your security partner sent you.'],
  },
  state_expired: {
    title: 'That took too long',
    lines: ['The request has expired and nothing was changed. Please open the link again.'],
  },
  other_browser: {
    title: 'Please use one browser for all steps',
    lines: [
      'The request was started in another browser or window. Please open the link again here.',
    ],
  },
  sign_in_failed: {
    title: 'The sign-in did not complete',
    lines: ['Nothing was changed. Please try again and sign in once more.'],
  },
  personal_account: {
    title: 'Please use your work account',
    lines: [
      'Personal Microsoft accounts belong to no organisation. Please try again with your work account.',
    ],
  },
  wrong_tenant: {
    title: 'This link is for another organisation',
    lines: [
      'You signed in to a different organisation from the one the link is for. Nothing was recorded here.',
      'Please try again with an account of the right organisation.',
    ],
  },
  tenant_offboarded: {
    title: 'Your organisation’s service has ended',
    lines: [
      'Your security partner has ended the service and removed what it kept about your organisation. Nothing was changed.',
      'To start again, please ask your security partner for a new link that is made for your organisation.',
    ],
  },
  declined: {
    title: 'You declined the request',
    lines: [
      'Nothing was granted. You can read below once more what is asked for. The link works until it expires.',
    ],
  },
  admin_required: {
    title: 'An administrator has to do this',
    lines: [
      'Your account may not grant these permissions. Please forward the link to an administrator, or try again with another account.',
    ],
  },
  assignment_required: {
    title: 'Your organisation has to assign the app to you first',
    lines: [
      'The app is set to “Assignment required” in your organisation. An administrator can assign you under “Enterprise applications”, or switch that off.',
    ],
  },
  blocked_by_policy: {
    title: 'A policy of your organisation blocked the sign-in',
    lines: [
      'A Conditional Access policy or a tenant restriction did not let you through. Please ask the administrator who looks after them, or try from another device.',
    ],
  },
  no_subscription: {
    title: 'Microsoft Defender is not set up in your organisation',
    lines: [
      'Your organisation has no active subscription for one of the services. Please tell your security partner.',
    ],
  },
  being_prepared: {
    title: 'Microsoft is still setting up the app',
    lines: [
      'The app is just being added to your organisation, or was removed a moment ago. Please try again in a quarter of an hour.',
    ],
  },
  consent_failed: {
    title: 'Microsoft could not complete the consent',
    lines: [
      'Please try again in a few minutes. If the problem persists, send your security partner the details below.',
    ],
  },
  try_later: {
    title: 'Please try again in a minute',
    lines: ['A service that this page needs is not answering right now. Nothing was changed.'],
  },
};
