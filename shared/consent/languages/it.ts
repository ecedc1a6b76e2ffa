import type { MailText, Texts } from './texts.ts';

/** The consent pages in Italian. */
export const IT: Texts = {
  language: 'it',
  partner: 'il suo partner di sicurezza',
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
  refusals: {
    invitation_unknown: {
      title: 'Questo collegamento non è valido',
      lines: [
        'Controlli di averlo copiato per intero oppure ne chieda uno nuovo al suo partner di sicurezza.',
      ],
    },
    invitation_expired: {
      title: 'Questo collegamento è scaduto',
      lines: [
        'Per sicurezza i collegamenti scadono dopo alcuni giorni. Ne chieda uno nuovo al suo partner di sicurezza.',
      ],
    },
    invitation_used: {
      title: 'Questo collegamento è già stato usato',
      lines: [
        'Ogni collegamento funziona una sola volta. Se non è stato lei, avvisi il suo partner di sicurezza.',
      ],
    },
    invitation_revoked: {
      title: 'Questo collegamento è stato annullato',
      lines: [
        'Il suo partner di sicurezza lo ha annullato. Se le serve ancora, ne chieda uno nuovo.',
      ],
    },
    cross_site: {
      title: 'Usi il pulsante della nostra pagina',
      lines: [
        'Questa richiesta proviene da un altro sito. Non è stato modificato nulla. Apra il collegamento che le ha inviato il suo partner di sicurezza.',
      ],
    },
    state_missing: {
      title: 'Questa pagina non si può aprire direttamente',
      lines: ['Apra il collegamento che le ha inviato il suo partner di sicurezza.'],
    },
    state_invalid: {
      title: 'Questa risposta non appartiene a una nostra richiesta',
      lines: [
        'Non è stato modificato nulla. Apra il collegamento che le ha inviato il suo partner di sicurezza.',
      ],
    },
    state_expired: {
      title: 'È trascorso troppo tempo',
      lines: [
        'La richiesta è scaduta e non è stato modificato nulla. Apra di nuovo il collegamento.',
      ],
    },
    other_browser: {
      title: 'Usi un solo browser per tutti i passaggi',
      lines: [
        'La richiesta è stata avviata in un altro browser o finestra. Apra di nuovo il collegamento qui.',
      ],
    },
    sign_in_failed: {
      title: 'L’accesso non è stato completato',
      lines: ['Non è stato modificato nulla. Riprovi e acceda ancora una volta.'],
    },
    personal_account: {
      title: 'Usi il suo account aziendale',
      lines: [
        'Gli account Microsoft personali non appartengono a un’organizzazione. Riprovi con il suo account aziendale.',
      ],
    },
    wrong_tenant: {
      title: 'Questo collegamento è per un’altra organizzazione',
      lines: [
        'Ha effettuato l’accesso a un’organizzazione diversa da quella del collegamento. Qui non è stato registrato nulla.',
        'Riprovi con un account dell’organizzazione giusta.',
      ],
    },
    tenant_offboarded: {
      title: 'Il servizio per la sua organizzazione è terminato',
      lines: [
        'Il suo partner di sicurezza ha terminato il servizio ed eliminato ciò che conservava sulla sua organizzazione. Non è cambiato nulla.',
        'Per ricominciare, chieda al suo partner un nuovo collegamento creato per la sua organizzazione.',
      ],
    },
    declined: {
      title: 'Ha rifiutato la richiesta',
      lines: [
        'Non è stato concesso nulla. Ecco di nuovo che cosa viene chiesto; il collegamento funziona fino alla scadenza.',
      ],
    },
    admin_required: {
      title: 'Deve farlo un amministratore',
      lines: [
        'Il suo account non può concedere queste autorizzazioni. Inoltri il collegamento a un amministratore oppure riprovi con un altro account.',
      ],
    },
    assignment_required: {
      title: 'La sua organizzazione deve prima assegnarle l’app',
      lines: [
        'Nella sua organizzazione l’app richiede un’assegnazione. Un amministratore può assegnargliela in «Applicazioni aziendali» o disattivare il requisito.',
      ],
    },
    blocked_by_policy: {
      title: 'Un criterio della sua organizzazione ha bloccato l’accesso',
      lines: [
        'Un criterio di accesso condizionale o una restrizione dei tenant non le ha permesso di proseguire. Si rivolga all’amministratore che se ne occupa oppure provi da un altro dispositivo.',
      ],
    },
    no_subscription: {
      title: 'Microsoft Defender non è configurato nella sua organizzazione',
      lines: [
        'L’organizzazione non ha un abbonamento attivo a uno dei servizi. Avvisi il suo partner di sicurezza.',
      ],
    },
    being_prepared: {
      title: 'Microsoft sta ancora preparando l’app',
      lines: [
        'L’app è in fase di aggiunta alla sua organizzazione oppure è stata appena rimossa. Riprovi tra un quarto d’ora.',
      ],
    },
    consent_failed: {
      title: 'Microsoft non ha potuto completare il consenso',
      lines: [
        'Riprovi tra qualche minuto. Se il problema persiste, invii al suo partner di sicurezza i dati seguenti.',
      ],
    },
    try_later: {
      title: 'Riprovi tra un minuto',
      lines: ['Un servizio necessario al momento non risponde. Non è stato modificato nulla.'],
    },
  },
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

/** The mail that brings an invitation, in Italian. */
export const MAIL_IT: MailText = {
  language: 'it',
  name: 'Italiano',
  domainEndings: ['it', 'sm'],
  partner: 'il vostro partner per la sicurezza',
  subject: 'Accesso al vostro Microsoft Defender',
  body: `Buongiorno,

per occuparsi del vostro Microsoft Defender, {partner} ha bisogno del consenso di un amministratore della vostra organizzazione. La pagina di questo link spiega che cosa viene richiesto, che cosa resta escluso e come revocarlo. Non succede nulla finché non accettate presso Microsoft:

{link}

Il link funziona una sola volta, fino al {until}. Vi preghiamo di non inoltrarlo al di fuori della vostra organizzazione. Se non aspettavate questo messaggio, non aprite il link e chiedeteci conferma tramite un contatto che già conoscete.

Cordiali saluti
{partner}`,
};
