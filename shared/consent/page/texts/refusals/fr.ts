import type { RefusalTexts } from '../texts.ts';

/** The pages of refused consents in French. */
export const REFUSALS_FR: RefusalTexts = {
  invitation_unknown: {
    title: 'Ce lien n’est pas valide',
    lines: [
      'Vérifiez que vous l’avez copié en entier ou demandez-en un nouveau à votre partenaire de sécurité.',
    ],
  },
  invitation_expired: {
    title: 'Ce lien a expiré',
    lines: [
      'Pour votre sécurité, les liens expirent au bout de quelques jours. Demandez-en un nouveau à votre partenaire de sécurité.',
    ],
  },
  invitation_used: {
    title: 'Ce lien a déjà été utilisé',
    lines: [
      'Chaque lien ne fonctionne qu’une fois. Si ce n’était pas vous, prévenez votre partenaire de sécurité.',
    ],
  },
  invitation_revoked: {
    title: 'Ce lien a été annulé',
    lines: [
      'Votre partenaire de sécurité l’a annulé. Demandez-en un nouveau si vous en avez encore besoin.',
    ],
  },
  cross_site: {
    title: 'Veuillez utiliser le bouton de notre page',
    lines: [
      'Cette demande provient d’un autre site. Rien n’a été modifié. Ouvrez le lien que votre partenaire de sécurité vous a envoyé.',
    ],
  },
  state_missing: {
    title: 'Cette page ne peut pas être ouverte directement',
    lines: ['Ouvrez le lien que votre partenaire de sécurité vous a envoyé.'],
  },
  state_invalid: {
    title: 'Cette réponse ne correspond à aucune de nos demandes',
    lines: ['Rien n’a été modifié. Ouvrez le lien que votre partenaire de sécurité vous a envoyé.'],
  },
  state_expired: {
    title: 'Le délai est dépassé',
    lines: ['La demande a expiré et rien n’a été modifié. Veuillez rouvrir le lien.'],
  },
  other_browser: {
    title: 'Utilisez le même navigateur pour toutes les étapes',
    lines: [
      'La demande a été commencée dans un autre navigateur ou une autre fenêtre. Veuillez rouvrir le lien ici.',
    ],
  },
  sign_in_failed: {
    title: 'La connexion n’a pas abouti',
    lines: ['Rien n’a été modifié. Veuillez réessayer et vous connecter de nouveau.'],
  },
  personal_account: {
    title: 'Utilisez votre compte professionnel',
    lines: [
      'Les comptes Microsoft personnels n’appartiennent à aucune organisation. Veuillez réessayer avec votre compte professionnel.',
    ],
  },
  wrong_tenant: {
    title: 'Ce lien est destiné à une autre organisation',
    lines: [
      'Vous vous êtes connecté à une autre organisation que celle du lien. Rien n’a été enregistré ici.',
      'Veuillez réessayer avec un compte de la bonne organisation.',
    ],
  },
  tenant_offboarded: {
    title: 'Le service pour votre organisation a pris fin',
    lines: [
      'Votre partenaire de sécurité a mis fin au service et supprimé ce qu’il conservait sur votre organisation. Rien n’a été modifié.',
      'Pour recommencer, demandez à votre partenaire un nouveau lien établi pour votre organisation.',
    ],
  },
  declined: {
    title: 'Vous avez refusé la demande',
    lines: [
      'Rien n’a été accordé. Voici de nouveau ce qui est demandé ; le lien fonctionne jusqu’à son expiration.',
    ],
  },
  admin_required: {
    title: 'Un administrateur doit s’en charger',
    lines: [
      'Votre compte ne peut pas accorder ces autorisations. Transférez le lien à un administrateur ou réessayez avec un autre compte.',
    ],
  },
  assignment_required: {
    title: 'Votre organisation doit d’abord vous affecter l’application',
    lines: [
      'Dans votre organisation, l’application exige une affectation. Un administrateur peut vous l’affecter dans « Applications d’entreprise » ou désactiver cette exigence.',
    ],
  },
  blocked_by_policy: {
    title: 'Une stratégie de votre organisation a bloqué la connexion',
    lines: [
      'Une stratégie d’accès conditionnel ou une restriction de locataires ne vous a pas laissé passer. Adressez-vous à l’administrateur qui s’en occupe ou essayez depuis un autre appareil.',
    ],
  },
  no_subscription: {
    title: 'Microsoft Defender n’est pas configuré dans votre organisation',
    lines: [
      'Votre organisation n’a pas d’abonnement actif à l’un des services. Prévenez votre partenaire de sécurité.',
    ],
  },
  being_prepared: {
    title: 'Microsoft prépare encore l’application',
    lines: [
      'L’application est en cours d’ajout à votre organisation ou vient d’en être retirée. Veuillez réessayer dans un quart d’heure.',
    ],
  },
  consent_failed: {
    title: 'Microsoft n’a pas pu finaliser le consentement',
    lines: [
      'Veuillez réessayer dans quelques minutes. Si le problème persiste, envoyez à votre partenaire de sécurité les informations ci-dessous.',
    ],
  },
  try_later: {
    title: 'Veuillez réessayer dans une minute',
    lines: ['Un service nécessaire ne répond pas pour le moment. Rien n’a été modifié.'],
  },
};
