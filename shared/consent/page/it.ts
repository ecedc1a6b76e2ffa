import type { Texts } from './texts.ts';

/** The consent pages in Italian. */
export const IT: Texts = {
  language: 'it',
  outcomes: {
    verifying: {
      title: 'Microsoft sta ancora applicando il consenso',
      lines: [
        'Il consenso è arrivato. Microsoft può impiegare alcuni minuti per applicarlo ovunque.',
        'Questa pagina si aggiorna da sola ogni pochi secondi. Può chiuderla: il controllo continua.',
      ],
    },
    active: {
      title: 'Fatto. Il consenso è attivo',
      lines: [
        'Il suo partner di sicurezza può ora leggere ciò che ha concesso, e nient’altro.',
        'Non deve fare altro. Può chiudere questa pagina.',
      ],
    },
    partial: {
      title: 'Ci siamo quasi: mancano alcune autorizzazioni',
      lines: [
        'Il consenso è stato trovato, ma non per tutto ciò che il partner di sicurezza ha richiesto.',
        'Il collegamento seguente chiede esattamente ciò che manca.',
      ],
    },
    paused: {
      title: 'Il consenso è stato registrato',
      lines: [
        'Il partner di sicurezza ha sospeso il servizio per la sua organizzazione.',
        'Non verrà letto nulla finché non lo riprenderà. Può chiudere questa pagina.',
      ],
    },
  },
  refusals: {
    invitation_unknown: {
      title: 'Questo collegamento non è valido',
      lines: [
        'Controlli di averlo copiato per intero oppure ne chieda uno nuovo al partner di sicurezza.',
      ],
    },
    invitation_expired: {
      title: 'Questo collegamento è scaduto',
      lines: [
        'Per sicurezza i collegamenti scadono dopo alcuni giorni. Ne chieda uno nuovo al partner di sicurezza.',
      ],
    },
    invitation_used: {
      title: 'Questo collegamento è già stato usato',
      lines: [
        'Ogni collegamento funziona una sola volta. Se non è stato lei, avvisi il partner di sicurezza.',
      ],
    },
    state_missing: {
      title: 'Questa pagina non si può aprire da sola',
      lines: ['Apra il collegamento che le ha inviato il partner di sicurezza.'],
    },
    state_invalid: {
      title: 'Questa risposta non appartiene a una nostra richiesta',
      lines: [
        'Non è stato modificato nulla. Apra il collegamento che le ha inviato il partner di sicurezza.',
      ],
    },
    state_expired: {
      title: 'È passato troppo tempo',
      lines: [
        'La richiesta è scaduta e non è stato modificato nulla. Apra di nuovo il collegamento.',
      ],
    },
    state_replayed: {
      title: 'Questa risposta è già stata elaborata',
      lines: ['Non è stata elaborata di nuovo. Per ricominciare, apra di nuovo il collegamento.'],
    },
    other_browser: {
      title: 'Usi un solo browser per tutti i passaggi',
      lines: [
        'La richiesta è stata avviata in un altro browser o finestra. Apra di nuovo il collegamento qui.',
      ],
    },
    sign_in_failed: {
      title: 'L’accesso non è stato completato',
      lines: [
        'Non è stato modificato nulla. Apra di nuovo il collegamento e acceda ancora una volta.',
      ],
    },
    personal_account: {
      title: 'Usi il suo account aziendale',
      lines: [
        'Gli account Microsoft personali non appartengono a un’organizzazione. Apra di nuovo il collegamento con l’account aziendale.',
      ],
    },
    wrong_tenant: {
      title: 'Questo collegamento è per un’altra organizzazione',
      lines: [
        'Ha effettuato l’accesso a un’organizzazione diversa da quella del collegamento. Per noi non è cambiato nulla.',
        'Apra di nuovo il collegamento con un account dell’organizzazione giusta.',
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
        'Non è stato concesso nulla. Se cambia idea, il collegamento funziona fino alla scadenza.',
      ],
    },
    admin_required: {
      title: 'Deve farlo un amministratore',
      lines: [
        'Il suo account non può concedere queste autorizzazioni. Inoltri il collegamento a un amministratore.',
      ],
    },
    no_subscription: {
      title: 'Microsoft Defender non è configurato nella sua organizzazione',
      lines: [
        'L’organizzazione non ha un abbonamento attivo a uno dei servizi. Avvisi il partner di sicurezza.',
      ],
    },
    consent_failed: {
      title: 'Microsoft non ha potuto completare il consenso',
      lines: [
        'Riprovi tra qualche minuto. Se il problema resta, invii al partner di sicurezza il codice seguente.',
      ],
    },
    try_later: {
      title: 'Riprovi tra un minuto',
      lines: ['Un servizio necessario al momento non risponde. Non è stato modificato nulla.'],
    },
  },
  signedInAs: 'Accesso effettuato come',
  tenantId: 'Organizzazione (ID tenant)',
  granted: 'Concesse',
  missing: 'Mancanti',
  consentAgain: 'Concedere le autorizzazioni mancanti',
  lookAgain: 'Controlla ora',
  errorCode: 'Codice di errore Microsoft',
  reference: 'Riferimento',
  howToRevoke:
    'Può revocare il consenso in qualsiasi momento: interfaccia di amministrazione di Microsoft Entra → Applicazioni aziendali → questa app → Elimina.',
};
