import { MEANINGS_EN } from '../../../permissions/meanings/en.ts';
import { REFUSALS_EN } from './refusals/en.ts';
import type { Texts } from './texts.ts';

/** The consent pages in English. */
export const EN: Texts = {
  language: 'en',
  partner: 'your security partner',
  meanings: MEANINGS_EN,
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
  refusals: REFUSALS_EN,
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
