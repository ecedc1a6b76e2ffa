import type { MailText, Texts } from './texts.ts';

/** The consent pages in French. */
export const FR: Texts = {
  language: 'fr',
  partner: 'votre partenaire de sécurité',
  invitation: {
    title: '{partner} demande l’accès à votre Microsoft Defender',
    lines: [
      'Veuillez lire à quoi sert cet accès. Rien ne se passe tant que vous n’avez pas continué, ouvert une session chez Microsoft et accepté.',
    ],
    permissionsTitle: 'Ce que vous autoriseriez',
    compare:
      'Microsoft présente les mêmes autorisations avant que vous n’acceptiez. Veuillez comparer les deux listes.',
    limitsTitle: 'Ce que cet accès ne comprend pas',
    limits: {
      identity: 'Se connecter à la place d’une personne ; voir ou changer des mots de passe',
      content: 'Ouvrir le contenu des e-mails, des conversations ou des documents',
      changeNothing: 'Modifier quoi que ce soit dans votre organisation',
      changeNothingElse: 'Modifier autre chose que ce qui est signalé ci-dessus',
    },
    limitsUnknown:
      'Cette page ne connaît pas toutes les autorisations ci-dessus et ne peut donc pas dire ce qui reste exclu. Renseignez-vous avant d’accepter.',
    withdrawTitle: 'Vous pouvez retirer cet accès à tout moment',
    withdraw:
      'Dans le centre d’administration Microsoft Entra, ouvrez « Applications d’entreprise », choisissez cette application, puis « Propriétés » et « Supprimer ». Dès lors, aucun nouvel accès n’est accordé ; l’accès en cours prend fin en 90 minutes environ.',
    button: 'Continuer chez Microsoft',
    signIn: 'La connexion se fait chez Microsoft ; personne d’autre ne voit votre mot de passe.',
    rolesWithGraph:
      'Pour accepter, il faut le rôle d’administrateur de rôle privilégié ou d’administrateur général.',
    rolesWithoutGraph:
      'Pour accepter, il faut le rôle d’administrateur d’application cloud, d’administrateur d’application, d’administrateur de rôle privilégié ou d’administrateur général.',
  },
  permissions: {
    marks: {
      reads: 'Lecture seule',
      changes: 'Peut modifier',
      unknown: 'Pourrait modifier',
    },
    unknown:
      'Cette page n’a pas de description de cette autorisation. Demandez à quoi elle sert avant d’accepter.',
    granted: 'Autorisations accordées',
    missing: 'Autorisations manquantes',
    optionalMissing: 'Autorisations facultatives qui ne sont pas en place',
  },
  outcomes: {
    verifying: {
      title: 'Microsoft est en train d’appliquer votre consentement',
      lines: [
        'Merci, votre consentement nous est parvenu. Il faut en général quelques minutes à Microsoft pour l’appliquer partout.',
        'Vous n’avez rien d’autre à faire. Cette page se met à jour d’elle-même et la vérification continue même si vous la fermez.',
      ],
    },
    awaiting_approval: {
      title: 'Merci. Votre partenaire confirmera la suite',
      lines: [
        'Votre compte n’a aucun rôle permettant de donner ce consentement. Une confirmation est d’abord nécessaire : {partner} vérifie que la demande concerne bien votre organisation.',
        'Vous n’avez rien d’autre à faire. D’ici là, rien n’est lu. Vous pouvez fermer cette page.',
      ],
    },
    active: {
      title: 'C’est fait. Votre consentement est en place',
      lines: [
        '{partner} peut maintenant utiliser les autorisations ci-dessous.',
        'Vous n’avez rien d’autre à faire. Vous pouvez fermer cette page.',
      ],
    },
    partial: {
      title: 'Presque terminé : il manque des autorisations',
      lines: [
        'Votre consentement nous est parvenu, mais pas pour toutes les autorisations nécessaires.',
        'Le bouton permet de les redemander. Microsoft présentera alors toutes les autorisations, y compris celles que vous avez déjà accordées.',
      ],
    },
    not_found: {
      title: 'Votre consentement ne nous est pas encore parvenu',
      lines: [
        'Microsoft ne signale aucun consentement de votre organisation. La dernière étape a peut-être été omise, ou Microsoft met plus de temps que d’habitude.',
        'Rien n’est perdu : veuillez reprendre les étapes.',
      ],
    },
    paused: {
      title: 'Votre consentement est enregistré',
      lines: [
        '{partner} n’a pas encore activé le service pour votre organisation et ne lit rien d’ici là.',
        'Vous n’avez rien d’autre à faire. Vous pouvez fermer cette page.',
      ],
    },
  },
  wait: {
    title: 'Un instant, s’il vous plaît',
    lines: [
      'La réponse de Microsoft est en cours de traitement. La suite s’affichera d’elle-même.',
    ],
  },
  refusals: {
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
      lines: [
        'Rien n’a été modifié. Ouvrez le lien que votre partenaire de sécurité vous a envoyé.',
      ],
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
  },
  labels: {
    asker: 'Demandeur',
    contact: 'Contact',
    privacy: 'Déclaration de confidentialité',
    app: 'Application chez Microsoft',
    appId: 'ID d’application',
    organisation: 'Pour l’organisation',
    tenantId: 'Organisation (ID de locataire)',
    signedInAs: 'Connecté en tant que',
    errorCode: 'Code d’erreur Microsoft',
    reference: 'Référence',
    tryAgain: 'Réessayer',
    lookAgain: 'Vérifier maintenant',
  },
};

/** The mail that brings an invitation, in French. */
export const MAIL_FR: MailText = {
  language: 'fr',
  name: 'Français',
  domainEndings: ['fr'],
  partner: 'votre partenaire de sécurité',
  subject: 'Accès à votre Microsoft Defender',
  body: `Bonjour,

Pour s’occuper de votre Microsoft Defender, {partner} a besoin du consentement d’un administrateur de votre organisation. La page de ce lien indique ce qui est demandé, ce qui est exclu et comment le retirer. Rien ne se passe avant que vous n’acceptiez chez Microsoft :

{link}

Le lien fonctionne une seule fois, jusqu’au {until}. Merci de ne pas le transmettre hors de votre organisation. Si vous n’attendez pas ce message, n’ouvrez pas le lien et interrogez-nous par un moyen que vous connaissez déjà.

Cordialement
{partner}`,
};
