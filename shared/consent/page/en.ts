import type { Texts } from './texts.ts';

/** The consent pages in English. */
export const EN: Texts = {
  language: 'en',
  outcomes: {
    verifying: {
      title: 'Microsoft is still applying your consent',
      lines: [
        'Your consent has arrived. It can take Microsoft a few minutes to apply it everywhere.',
        'This page looks again by itself every few seconds. You may close it: the check goes on.',
      ],
    },
    active: {
      title: 'Done. Your consent is in place',
      lines: [
        'Your security partner can now read what you granted, and nothing else.',
        'There is nothing more to do. You may close this page.',
      ],
    },
    partial: {
      title: 'Almost there: some permissions are missing',
      lines: [
        'Your consent was found, but not for everything that your security partner asked for.',
        'The link below asks for exactly what is missing.',
      ],
    },
    paused: {
      title: 'Your consent is recorded',
      lines: [
        'Your security partner has paused the service for your organisation.',
        'Nothing is read until the partner resumes it. You may close this page.',
      ],
    },
  },
  refusals: {
    invitation_unknown: {
      title: 'This link is not valid',
      lines: [
        'Please check that you copied the whole link, or ask your security partner for a new one.',
      ],
    },
    invitation_expired: {
      title: 'This link has expired',
      lines: [
        'For your safety, links end after some days. Please ask your security partner for a new one.',
      ],
    },
    invitation_used: {
      title: 'This link was already used',
      lines: ['Each link works once. If that was not you, please tell your security partner.'],
    },
    state_missing: {
      title: 'This page can’t be opened by itself',
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
    state_replayed: {
      title: 'This answer was already processed',
      lines: ['It was not processed again. To start over, please open the link again.'],
    },
    other_browser: {
      title: 'Please use one browser for all steps',
      lines: [
        'The request was started in another browser or window. Please open the link again here.',
      ],
    },
    sign_in_failed: {
      title: 'The sign-in did not complete',
      lines: ['Nothing was changed. Please open the link again and sign in once more.'],
    },
    personal_account: {
      title: 'Please use your work account',
      lines: [
        'Personal Microsoft accounts belong to no organisation. Open the link again with your work account.',
      ],
    },
    wrong_tenant: {
      title: 'This link is for another organisation',
      lines: [
        'You signed in to a different organisation than the link is for. Nothing was changed there for us.',
        'Please open the link again with an account of the right organisation.',
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
        'Nothing was granted. If you change your mind, the link still works until it expires.',
      ],
    },
    admin_required: {
      title: 'An administrator has to do this',
      lines: [
        'Your account may not grant these permissions. Please forward the link to an administrator.',
      ],
    },
    no_subscription: {
      title: 'Microsoft Defender is not set up in your organisation',
      lines: [
        'Your organisation has no active subscription for one of the services. Please tell your security partner.',
      ],
    },
    consent_failed: {
      title: 'Microsoft could not complete the consent',
      lines: [
        'Please try again in a few minutes. If it stays, send your security partner the code below.',
      ],
    },
    try_later: {
      title: 'Please try again in a minute',
      lines: ['A service that is needed does not answer at the moment. Nothing was changed.'],
    },
  },
  signedInAs: 'Signed in as',
  tenantId: 'Organisation (tenant id)',
  granted: 'Granted',
  missing: 'Missing',
  consentAgain: 'Grant the missing permissions',
  lookAgain: 'Look again now',
  errorCode: 'Microsoft’s error code',
  reference: 'Reference',
  howToRevoke:
    'You can withdraw your consent at any time: Microsoft Entra admin center → Enterprise applications → this app → Delete.',
};
