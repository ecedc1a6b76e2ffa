import type { MailText, Texts } from './texts.ts';

/** The consent pages in English. */
export const EN: Texts = {
  language: 'en',
  partner: 'your security partner',
  invitation: {
    title: '{partner} asks for access to your Microsoft Defender',
    lines: [
      'Please read what this access is for. Nothing happens until you continue, sign in to Microsoft and accept there.',
    ],
    permissionsTitle: 'What you would allow',
    compare:
      'Microsoft lists the same permissions before you accept. Please compare the two lists.',
    limitsTitle: 'What this access does not include',
    limits: {
      identity: 'Signing in as one of your people, and seeing or changing passwords',
      content: 'Opening the content of e-mails, chats or documents',
      changeNothing: 'Changing anything in your organisation',
      changeNothingElse: 'Changing anything beyond what is marked above',
    },
    limitsUnknown:
      'This page does not know every permission above, so it can’t say what they leave out. Please ask before you accept.',
    withdrawTitle: 'You can withdraw at any time',
    withdraw:
      'In the Microsoft Entra admin center, open “Enterprise applications”, choose this app, then “Properties” and “Delete”. From then on no new access is given; access that is in use ends within about 90 minutes.',
    button: 'Continue to Microsoft',
    signIn: 'You sign in at Microsoft; nobody else sees your password.',
    rolesWithGraph:
      'To accept you need the role Privileged Role Administrator or Global Administrator.',
    rolesWithoutGraph:
      'To accept you need the role Cloud Application Administrator, Application Administrator, Privileged Role Administrator or Global Administrator.',
  },
  permissions: {
    marks: {
      reads: 'Reads only',
      changes: 'Can change something',
      unknown: 'May change something',
    },
    unknown:
      'This page has no description of this permission. Please ask what it is for before you accept.',
    granted: 'Permissions in place',
    missing: 'Permissions that are missing',
    optionalMissing: 'Optional permissions that are not in place',
  },
  outcomes: {
    verifying: {
      title: 'Microsoft is still applying your consent',
      lines: [
        'Thank you, your consent has arrived. Microsoft usually needs a few minutes to apply it everywhere.',
        'You have nothing more to do. This page refreshes by itself, and the check continues if you close it.',
      ],
    },
    awaiting_approval: {
      title: 'Thank you. Your partner still has to confirm',
      lines: [
        'Your account has no role that can give this consent, so {partner} first confirms that it is meant for your organisation.',
        'You have nothing more to do. Until then nothing is read. You may close this page.',
      ],
    },
    active: {
      title: 'Done. Your consent is in place',
      lines: [
        '{partner} can now use the permissions below.',
        'There is nothing more to do. You may close this page.',
      ],
    },
    partial: {
      title: 'Almost there: some permissions are missing',
      lines: [
        'Your consent has arrived, but not for every permission that {partner} needs.',
        'Use the button to grant them. Microsoft then lists all permissions, including those that you have already granted.',
      ],
    },
    not_found: {
      title: 'Your consent has not reached us yet',
      lines: [
        'Microsoft does not report a consent of your organisation. Perhaps the last step was skipped, or Microsoft is taking unusually long.',
        'Nothing is lost: please go through the steps once more.',
      ],
    },
    paused: {
      title: 'Your consent is recorded',
      lines: [
        '{partner} has not switched the service on for your organisation yet, and reads nothing until then.',
        'There is nothing more to do. You may close this page.',
      ],
    },
  },
  wait: {
    title: 'One moment, please',
    lines: ['Microsoft’s answer is being processed. This page continues by itself.'],
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
  },
  labels: {
    asker: 'Who asks',
    contact: 'Contact',
    privacy: 'Privacy statement',
    app: 'App at Microsoft',
    appId: 'Application ID',
    organisation: 'For the organisation',
    tenantId: 'Organisation (tenant ID)',
    signedInAs: 'Signed in as',
    errorCode: 'Microsoft’s error code',
    reference: 'Reference',
    tryAgain: 'Try again',
    lookAgain: 'Check now',
  },
};

/** The mail that brings an invitation, in English. */
export const MAIL_EN: MailText = {
  language: 'en',
  name: 'English',
  domainEndings: [],
  partner: 'your security partner',
  subject: 'Access to your Microsoft Defender',
  body: `Hello,

to look after your Microsoft Defender, {partner} needs the consent of an administrator of your organisation. The page behind this link says what is asked for, what is left out, and how you withdraw it. Nothing happens until you accept at Microsoft:

{link}

The link works once, until {until}. Please do not pass it on outside your organisation. If you do not expect this message, do not open the link, and ask us on a way that you already know.

Kind regards
{partner}`,
};
