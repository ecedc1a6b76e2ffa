import type { RefusalTexts } from '../texts.ts';

/** The pages of refused consents in Italian. */
export const REFUSALS_IT: RefusalTexts = {
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
};
