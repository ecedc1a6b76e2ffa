/** The national clouds in which Defender's APIs are offered. */
export const CLOUDS = ['global', 'gcc', 'gcc-high', 'dod'] as const;

/** A national cloud; each needs an app registration of its own. */
export type Cloud = (typeof CLOUDS)[number];

/** Where people and apps find a cloud: Entra's origin and the Microsoft Defender portal. */
export const CLOUD_URLS: Readonly<Record<Cloud, { authority: string; portal: string }>> = {
  global: {
    authority: 'https://login.microsoftonline.com',
    portal: 'https://security.microsoft.com',
  },
  gcc: {
    authority: 'https://login.microsoftonline.com',
    portal: 'https://security.microsoft.com',
  },
  'gcc-high': {
    authority: 'https://login.microsoftonline.us',
    portal: 'https://security.microsoft.us',
  },
  dod: {
    authority: 'https://login.microsoftonline.us',
    portal: 'https://security.apps.mil',
  },
};
