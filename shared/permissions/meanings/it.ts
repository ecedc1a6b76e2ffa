import type { PermissionMeanings } from '../../resources/permissions.ts';

const INCIDENTS =
  'Leggere gli incidenti di sicurezza e i relativi avvisi, con i dispositivi, gli account e i file coinvolti.';
const INCIDENT_CHANGES =
  'Leggere gli incidenti di sicurezza e modificarli: stato, assegnazione, classificazione, tag e commenti.';
const HUNTING =
  'Cercare nei dati di sicurezza degli ultimi 30 giorni: dispositivi, accessi, connessioni di rete e informazioni sulle e-mail, come mittente e oggetto, ma non il contenuto.';

/** What each permission allows, in Italian. */
export const MEANINGS_IT: PermissionMeanings = {
  'defender-xdr:Incident.Read.All': INCIDENTS,
  'defender-xdr:Incident.ReadWrite.All': INCIDENT_CHANGES,
  'defender-xdr:AdvancedHunting.Read.All': HUNTING,
  'defender-xdr:CustomDetections.ReadWrite.All':
    'Leggere le regole di rilevamento personalizzate e modificarle: crearle, cambiarle, disattivarle o eliminarle.',
  'defender-endpoint:Machine.Read.All':
    'Leggere l’elenco dei dispositivi e il loro stato: sistema operativo, integrità, livello di rischio e chi vi accede.',
  'defender-endpoint:Machine.ReadWrite.All':
    'Leggere le informazioni sui dispositivi e modificarle: tag e valore del dispositivo.',
  'defender-endpoint:Machine.Isolate': 'Isolare un dispositivo dalla rete e ricollegarlo.',
  'defender-endpoint:Machine.RestrictExecution':
    'Limitare un dispositivo ai programmi firmati da Microsoft e rimuovere questa restrizione.',
  'defender-endpoint:Machine.Scan': 'Avviare una scansione antivirus su un dispositivo.',
  'defender-endpoint:Machine.StopAndQuarantine':
    'Arrestare un file su un dispositivo e metterlo in quarantena.',
  'defender-endpoint:Machine.CollectForensics':
    'Raccogliere un pacchetto di dati tecnici da un dispositivo: programmi in esecuzione, connessioni di rete e registri eventi.',
  'defender-endpoint:Machine.LiveResponse':
    'Aprire una sessione remota su un dispositivo: eseguire comandi e copiare file in entrambe le direzioni.',
  'defender-endpoint:Machine.Offboard':
    'Rimuovere un dispositivo da Microsoft Defender per endpoint.',
  'defender-endpoint:Alert.Read.All': 'Leggere gli avvisi sui dispositivi dell’organizzazione.',
  'defender-endpoint:Alert.ReadWrite.All':
    'Leggere gli avvisi sui dispositivi dell’organizzazione e modificarli: stato, assegnazione, classificazione e commenti.',
  'defender-endpoint:AdvancedQuery.Read.All':
    'Cercare nei dati di sicurezza dei dispositivi degli ultimi 30 giorni: programmi, file, connessioni di rete e accessi.',
  'graph:SecurityIncident.Read.All': INCIDENTS,
  'graph:SecurityIncident.ReadWrite.All': INCIDENT_CHANGES,
  'graph:SecurityAlert.Read.All':
    'Leggere gli avvisi di sicurezza con le relative prove: dispositivi, account, file e informazioni sulle e-mail.',
  'graph:SecurityAlert.ReadWrite.All':
    'Leggere gli avvisi di sicurezza e modificarli: stato, assegnazione, classificazione e commenti.',
  'graph:ThreatHunting.Read.All': HUNTING,
  'graph:SecurityEvents.Read.All':
    'Leggere gli avvisi di sicurezza nel formato precedente e il punteggio di sicurezza dell’organizzazione.',
};
