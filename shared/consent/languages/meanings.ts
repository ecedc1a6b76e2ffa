import type { PermissionKey } from '../../resources/permissions.ts';
import type { Language } from './languages.ts';

/** What a permission allows, in plain words of every language. */
type Meaning = Readonly<Record<Language, string>>;

const INCIDENTS: Meaning = {
  en: 'Read security incidents and the alerts in them, with the devices, accounts and files involved.',
  es: 'Leer los incidentes de seguridad y sus alertas, con los dispositivos, las cuentas y los archivos implicados.',
  it: 'Leggere gli incidenti di sicurezza e i relativi avvisi, con i dispositivi, gli account e i file coinvolti.',
  de: 'Sicherheitsvorfälle und ihre Warnungen lesen, mit den beteiligten Geräten, Konten und Dateien.',
  fr: 'Lire les incidents de sécurité et leurs alertes, avec les appareils, les comptes et les fichiers concernés.',
  pt: 'Ler os incidentes de segurança e os respetivos alertas, com os dispositivos, as contas e os ficheiros envolvidos.',
};

const INCIDENT_CHANGES: Meaning = {
  en: 'Read security incidents and change them: status, assignment, classification, tags and comments.',
  es: 'Leer los incidentes de seguridad y modificarlos: estado, asignación, clasificación, etiquetas y comentarios.',
  it: 'Leggere gli incidenti di sicurezza e modificarli: stato, assegnazione, classificazione, tag e commenti.',
  de: 'Sicherheitsvorfälle lesen und ändern: Status, Zuweisung, Einstufung, Tags und Kommentare.',
  fr: 'Lire les incidents de sécurité et les modifier : état, attribution, classification, étiquettes et commentaires.',
  pt: 'Ler os incidentes de segurança e alterá-los: estado, atribuição, classificação, etiquetas e comentários.',
};

const HUNTING: Meaning = {
  en: 'Search the security records of the last 30 days: devices, sign-ins, network connections, and e-mail details such as sender and subject, but not the content.',
  es: 'Buscar en los registros de seguridad de los últimos 30 días: dispositivos, inicios de sesión, conexiones de red y datos de los correos, como el remitente y el asunto, pero no su contenido.',
  it: 'Cercare nei dati di sicurezza degli ultimi 30 giorni: dispositivi, accessi, connessioni di rete e informazioni sulle e-mail, come mittente e oggetto, ma non il contenuto.',
  de: 'Die Sicherheitsdaten der letzten 30 Tage durchsuchen: Geräte, Anmeldungen, Netzwerkverbindungen und Angaben zu E-Mails wie Absender und Betreff, aber nicht deren Inhalt.',
  fr: 'Rechercher dans les données de sécurité des 30 derniers jours : appareils, connexions des comptes, trafic réseau et informations sur les e-mails, comme l’expéditeur et l’objet, mais pas leur contenu.',
  pt: 'Pesquisar nos registos de segurança dos últimos 30 dias: dispositivos, inícios de sessão, ligações de rede e dados dos e-mails, como o remetente e o assunto, mas não o conteúdo.',
};

/** What each permission allows: the consent pages and the onboarding guide say it. */
export const MEANINGS: Readonly<Record<PermissionKey, Meaning>> = {
  'defender-xdr:Incident.Read.All': INCIDENTS,
  'defender-xdr:Incident.ReadWrite.All': INCIDENT_CHANGES,
  'defender-xdr:AdvancedHunting.Read.All': HUNTING,
  'defender-xdr:CustomDetections.ReadWrite.All': {
    en: 'Read the custom detection rules and change them: add, edit, switch off or delete rules.',
    es: 'Leer las reglas de detección personalizadas y modificarlas: crear, editar, desactivar o eliminar reglas.',
    it: 'Leggere le regole di rilevamento personalizzate e modificarle: crearle, cambiarle, disattivarle o eliminarle.',
    de: 'Eigene Erkennungsregeln lesen und ändern: anlegen, bearbeiten, abschalten oder löschen.',
    fr: 'Lire les règles de détection personnalisées et les modifier : en créer, en changer, en désactiver ou en supprimer.',
    pt: 'Ler as regras de deteção personalizadas e alterá-las: criar, editar, desativar ou eliminar regras.',
  },
  'defender-endpoint:Machine.Read.All': {
    en: 'Read the list of devices with their state: operating system, health, risk level and who signs in.',
    es: 'Leer la lista de dispositivos y su situación: sistema operativo, estado, nivel de riesgo y quién inicia sesión en ellos.',
    it: 'Leggere l’elenco dei dispositivi e il loro stato: sistema operativo, integrità, livello di rischio e chi vi accede.',
    de: 'Die Liste der Geräte und deren Zustand lesen: Betriebssystem, Integrität, Risikostufe und wer sich dort anmeldet.',
    fr: 'Lire la liste des appareils et leur état : système d’exploitation, intégrité, niveau de risque et comptes qui s’y connectent.',
    pt: 'Ler a lista de dispositivos e o seu estado: sistema operativo, integridade, nível de risco e quem neles inicia sessão.',
  },
  'defender-endpoint:Machine.ReadWrite.All': {
    en: 'Read the information about devices and change it: tags and device value.',
    es: 'Leer los datos de los dispositivos y modificarlos: etiquetas y valor del dispositivo.',
    it: 'Leggere le informazioni sui dispositivi e modificarle: tag e valore del dispositivo.',
    de: 'Angaben zu Geräten lesen und ändern: Tags und Gerätewert.',
    fr: 'Lire les informations sur les appareils et les modifier : étiquettes et valeur de l’appareil.',
    pt: 'Ler as informações sobre os dispositivos e alterá-las: etiquetas e valor do dispositivo.',
  },
  'defender-endpoint:Machine.Isolate': {
    en: 'Cut a device off the network, and connect it again.',
    es: 'Aislar un dispositivo de la red y volver a conectarlo.',
    it: 'Isolare un dispositivo dalla rete e ricollegarlo.',
    de: 'Ein Gerät vom Netzwerk trennen und wieder verbinden.',
    fr: 'Isoler un appareil du réseau, puis le reconnecter.',
    pt: 'Isolar um dispositivo da rede e voltar a ligá-lo.',
  },
  'defender-endpoint:Machine.RestrictExecution': {
    en: 'Let a device run only programs signed by Microsoft, and lift this restriction.',
    es: 'Limitar un dispositivo a los programas firmados por Microsoft y levantar esa restricción.',
    it: 'Limitare un dispositivo ai programmi firmati da Microsoft e rimuovere questa restrizione.',
    de: 'Ein Gerät auf Programme beschränken, die Microsoft signiert hat, und diese Beschränkung aufheben.',
    fr: 'Limiter un appareil aux programmes signés par Microsoft, et lever cette restriction.',
    pt: 'Limitar um dispositivo aos programas assinados pela Microsoft e levantar essa restrição.',
  },
  'defender-endpoint:Machine.Scan': {
    en: 'Start an antivirus scan on a device.',
    es: 'Iniciar un análisis antivirus en un dispositivo.',
    it: 'Avviare una scansione antivirus su un dispositivo.',
    de: 'Auf einem Gerät eine Virenprüfung starten.',
    fr: 'Lancer une analyse antivirus sur un appareil.',
    pt: 'Iniciar uma análise antivírus num dispositivo.',
  },
  'defender-endpoint:Machine.StopAndQuarantine': {
    en: 'Stop a file on a device and put it in quarantine.',
    es: 'Detener un archivo en un dispositivo y ponerlo en cuarentena.',
    it: 'Arrestare un file su un dispositivo e metterlo in quarantena.',
    de: 'Eine Datei auf einem Gerät stoppen und in Quarantäne verschieben.',
    fr: 'Arrêter un fichier sur un appareil et le mettre en quarantaine.',
    pt: 'Parar um ficheiro num dispositivo e colocá-lo em quarentena.',
  },
  'defender-endpoint:Machine.CollectForensics': {
    en: 'Collect a package of technical traces from a device: running programs, network connections and event logs.',
    es: 'Recopilar un paquete de datos técnicos de un dispositivo: programas en ejecución, conexiones de red y registros de eventos.',
    it: 'Raccogliere un pacchetto di dati tecnici da un dispositivo: programmi in esecuzione, connessioni di rete e registri eventi.',
    de: 'Technische Spuren eines Geräts sammeln: laufende Programme, Netzwerkverbindungen und Ereignisprotokolle.',
    fr: 'Recueillir des traces techniques sur un appareil : programmes en cours, connexions réseau et journaux d’événements.',
    pt: 'Recolher dados técnicos de um dispositivo: programas em execução, ligações de rede e registos de eventos.',
  },
  'defender-endpoint:Machine.LiveResponse': {
    en: 'Open a remote session on a device: run commands, and copy files from and to it.',
    es: 'Abrir una sesión remota en un dispositivo: ejecutar comandos y copiar archivos en ambos sentidos.',
    it: 'Aprire una sessione remota su un dispositivo: eseguire comandi e copiare file in entrambe le direzioni.',
    de: 'Eine Fernsitzung auf einem Gerät öffnen: Befehle ausführen und Dateien in beide Richtungen kopieren.',
    fr: 'Ouvrir une session à distance sur un appareil : exécuter des commandes et copier des fichiers dans les deux sens.',
    pt: 'Abrir uma sessão remota num dispositivo: executar comandos e copiar ficheiros em ambos os sentidos.',
  },
  'defender-endpoint:Machine.Offboard': {
    en: 'Remove a device from Microsoft Defender for Endpoint.',
    es: 'Dar de baja un dispositivo en Microsoft Defender para punto de conexión.',
    it: 'Rimuovere un dispositivo da Microsoft Defender per endpoint.',
    de: 'Ein Gerät aus Microsoft Defender für Endpunkt entfernen.',
    fr: 'Retirer un appareil de Microsoft Defender pour point de terminaison.',
    pt: 'Remover um dispositivo do Microsoft Defender para Endpoint.',
  },
  'defender-endpoint:Alert.Read.All': {
    en: 'Read the alerts about your devices.',
    es: 'Leer las alertas sobre sus dispositivos.',
    it: 'Leggere gli avvisi sui dispositivi dell’organizzazione.',
    de: 'Die Warnungen zu Ihren Geräten lesen.',
    fr: 'Lire les alertes concernant vos appareils.',
    pt: 'Ler os alertas sobre os seus dispositivos.',
  },
  'defender-endpoint:Alert.ReadWrite.All': {
    en: 'Read the alerts about your devices and change them: status, assignment, classification and comments.',
    es: 'Leer las alertas sobre sus dispositivos y modificarlas: estado, asignación, clasificación y comentarios.',
    it: 'Leggere gli avvisi sui dispositivi dell’organizzazione e modificarli: stato, assegnazione, classificazione e commenti.',
    de: 'Die Warnungen zu Ihren Geräten lesen und ändern: Status, Zuweisung, Einstufung und Kommentare.',
    fr: 'Lire les alertes concernant vos appareils et les modifier : état, attribution, classification et commentaires.',
    pt: 'Ler os alertas sobre os seus dispositivos e alterá-los: estado, atribuição, classificação e comentários.',
  },
  'defender-endpoint:AdvancedQuery.Read.All': {
    en: 'Search the security records of your devices over the last 30 days: programs, files, network connections and sign-ins.',
    es: 'Buscar en los registros de seguridad de sus dispositivos de los últimos 30 días: programas, archivos, conexiones de red e inicios de sesión.',
    it: 'Cercare nei dati di sicurezza dei dispositivi degli ultimi 30 giorni: programmi, file, connessioni di rete e accessi.',
    de: 'Die Sicherheitsdaten Ihrer Geräte aus den letzten 30 Tagen durchsuchen: Programme, Dateien, Netzwerkverbindungen und Anmeldungen.',
    fr: 'Rechercher dans les données de sécurité de vos appareils des 30 derniers jours : programmes, fichiers, trafic réseau et connexions des comptes.',
    pt: 'Pesquisar nos registos de segurança dos seus dispositivos dos últimos 30 dias: programas, ficheiros, ligações de rede e inícios de sessão.',
  },
  'graph:SecurityIncident.Read.All': INCIDENTS,
  'graph:SecurityIncident.ReadWrite.All': INCIDENT_CHANGES,
  'graph:SecurityAlert.Read.All': {
    en: 'Read security alerts with their evidence: devices, accounts, files and e-mail details.',
    es: 'Leer las alertas de seguridad con sus evidencias: dispositivos, cuentas, archivos y datos de los correos.',
    it: 'Leggere gli avvisi di sicurezza con le relative prove: dispositivi, account, file e informazioni sulle e-mail.',
    de: 'Sicherheitswarnungen mit ihren Nachweisen lesen: Geräte, Konten, Dateien und Angaben zu E-Mails.',
    fr: 'Lire les alertes de sécurité avec leurs preuves : appareils, comptes, fichiers et informations sur les e-mails.',
    pt: 'Ler os alertas de segurança com as respetivas provas: dispositivos, contas, ficheiros e dados dos e-mails.',
  },
  'graph:SecurityAlert.ReadWrite.All': {
    en: 'Read security alerts and change them: status, assignment, classification and comments.',
    es: 'Leer las alertas de seguridad y modificarlas: estado, asignación, clasificación y comentarios.',
    it: 'Leggere gli avvisi di sicurezza e modificarli: stato, assegnazione, classificazione e commenti.',
    de: 'Sicherheitswarnungen lesen und ändern: Status, Zuweisung, Einstufung und Kommentare.',
    fr: 'Lire les alertes de sécurité et les modifier : état, attribution, classification et commentaires.',
    pt: 'Ler os alertas de segurança e alterá-los: estado, atribuição, classificação e comentários.',
  },
  'graph:ThreatHunting.Read.All': HUNTING,
  'graph:SecurityEvents.Read.All': {
    en: 'Read security alerts in their older form, and the security score of your organisation.',
    es: 'Leer las alertas de seguridad en su formato anterior y la puntuación de seguridad de su organización.',
    it: 'Leggere gli avvisi di sicurezza nel formato precedente e il punteggio di sicurezza dell’organizzazione.',
    de: 'Sicherheitswarnungen in der älteren Form lesen, dazu die Sicherheitsbewertung Ihrer Organisation.',
    fr: 'Lire les alertes de sécurité dans leur ancien format, ainsi que le niveau de sécurité de votre organisation.',
    pt: 'Ler os alertas de segurança no formato anterior e a classificação de segurança da sua organização.',
  },
};
