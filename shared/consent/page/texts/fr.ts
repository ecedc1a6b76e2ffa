import { MEANINGS_FR } from '../../../permissions/meanings/fr.ts';
import { REFUSALS_FR } from './refusals/fr.ts';
import type { Texts } from './texts.ts';

/** The consent pages in French. */
export const FR: Texts = {
  language: 'fr',
  partner: 'votre partenaire de sécurité',
  meanings: MEANINGS_FR,
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
  refusals: REFUSALS_FR,
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
