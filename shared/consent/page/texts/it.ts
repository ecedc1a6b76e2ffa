import { MEANINGS_IT } from '../../../permissions/meanings/it.ts';
import { REFUSALS_IT } from './refusals/it.ts';
import type { Texts } from './texts.ts';

/** The consent pages in Italian. */
export const IT: Texts = {
  language: 'it',
  partner: 'il suo partner di sicurezza',
  meanings: MEANINGS_IT,
  invitation: {
    title: '{partner} chiede l’accesso al suo Microsoft Defender',
    lines: [
      'Legga a che cosa serve questo accesso. Non succede nulla finché non continua, accede a Microsoft e accetta lì.',
    ],
    permissionsTitle: 'Che cosa consentirebbe',
    compare:
      'Prima che lei accetti, Microsoft mostra le stesse autorizzazioni. Confronti i due elenchi.',
    limitsTitle: 'Che cosa questo accesso non comprende',
    limits: {
      identity: 'Accedere con l’identità di una persona; vedere o cambiare password',
      content: 'Aprire il contenuto di e-mail, chat o documenti',
      changeNothing: 'Apportare modifiche nella sua organizzazione',
      changeNothingElse: 'Apportare modifiche diverse da quelle indicate sopra',
    },
    limitsUnknown:
      'Questa pagina non conosce tutte le autorizzazioni riportate sopra e quindi non può dire che cosa resta escluso. Chieda prima di accettare.',
    withdrawTitle: 'Può revocarlo in qualsiasi momento',
    withdraw:
      'Nell’interfaccia di amministrazione di Microsoft Entra apra «Applicazioni aziendali», scelga questa app, poi «Proprietà» ed «Elimina». Da quel momento non viene concesso alcun nuovo accesso; quello in uso termina entro circa 90 minuti.',
    button: 'Continua su Microsoft',
    signIn: 'L’accesso avviene presso Microsoft; nessun altro vede la sua password.',
    rolesWithGraph:
      'Per accettare serve il ruolo di amministratore dei ruoli con privilegi o di amministratore globale.',
    rolesWithoutGraph:
      'Per accettare serve il ruolo di amministratore di applicazioni cloud, amministratore di applicazioni, amministratore dei ruoli con privilegi o amministratore globale.',
  },
  permissions: {
    marks: {
      reads: 'Solo lettura',
      changes: 'Può apportare modifiche',
      unknown: 'Potrebbe apportare modifiche',
    },
    unknown:
      'Questa pagina non ha una descrizione di questa autorizzazione. Chieda a che cosa serve prima di accettare.',
    granted: 'Autorizzazioni concesse',
    missing: 'Autorizzazioni mancanti',
    optionalMissing: 'Autorizzazioni facoltative non attive',
  },
  outcomes: {
    verifying: {
      title: 'Microsoft sta ancora applicando il consenso',
      lines: [
        'Grazie, il consenso è arrivato. Di solito Microsoft impiega alcuni minuti per applicarlo ovunque.',
        'Non deve fare altro. Questa pagina si aggiorna da sola e il controllo continua anche se la chiude.',
      ],
    },
    awaiting_approval: {
      title: 'Grazie. Il suo partner confermerà il resto',
      lines: [
        'Il suo account non ha un ruolo che possa dare questo consenso, perciò {partner} conferma prima che riguardi la sua organizzazione.',
        'Non deve fare altro. Fino ad allora non viene letto nulla. Può chiudere questa pagina.',
      ],
    },
    active: {
      title: 'Fatto. Il consenso è attivo',
      lines: [
        '{partner} può ora usare le autorizzazioni seguenti.',
        'Non deve fare altro. Può chiudere questa pagina.',
      ],
    },
    partial: {
      title: 'Ci siamo quasi: mancano alcune autorizzazioni',
      lines: [
        'Il consenso è arrivato, ma non per tutte le autorizzazioni di cui {partner} ha bisogno.',
        'Con il pulsante vengono richieste di nuovo. Microsoft mostrerà allora tutte le autorizzazioni, anche quelle già concesse.',
      ],
    },
    not_found: {
      title: 'Il consenso non ci è ancora arrivato',
      lines: [
        'Microsoft non segnala alcun consenso della sua organizzazione. Forse è mancato l’ultimo passaggio, oppure Microsoft impiega più del solito.',
        'Nulla è andato perso: ripeta i passaggi, per favore.',
      ],
    },
    paused: {
      title: 'Il consenso è stato registrato',
      lines: [
        '{partner} non ha ancora attivato il servizio per la sua organizzazione e fino ad allora non leggerà nulla.',
        'Non deve fare altro. Può chiudere questa pagina.',
      ],
    },
  },
  wait: {
    title: 'Un momento, per favore',
    lines: ['La risposta di Microsoft è in elaborazione. Questa pagina prosegue automaticamente.'],
  },
  refusals: REFUSALS_IT,
  labels: {
    asker: 'Chi lo richiede',
    contact: 'Contatto',
    privacy: 'Informativa sulla privacy',
    app: 'App presso Microsoft',
    appId: 'ID applicazione',
    organisation: 'Per l’organizzazione',
    tenantId: 'Organizzazione (ID tenant)',
    signedInAs: 'Accesso effettuato come',
    errorCode: 'Codice di errore Microsoft',
    reference: 'Riferimento',
    tryAgain: 'Riprova',
    lookAgain: 'Controlla ora',
  },
};
