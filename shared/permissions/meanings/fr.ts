import type { PermissionMeanings } from '../../resources/permissions.ts';

const INCIDENTS =
  'Lire les incidents de sécurité et leurs alertes, avec les appareils, les comptes et les fichiers concernés.';
const INCIDENT_CHANGES =
  'Lire les incidents de sécurité et les modifier : état, attribution, classification, étiquettes et commentaires.';
const HUNTING =
  'Rechercher dans les données de sécurité des 30 derniers jours : appareils, connexions des comptes, trafic réseau et informations sur les e-mails, comme l’expéditeur et l’objet, mais pas leur contenu.';

/** What each permission allows, in French. */
export const MEANINGS_FR: PermissionMeanings = {
  'defender-xdr:Incident.Read.All': INCIDENTS,
  'defender-xdr:Incident.ReadWrite.All': INCIDENT_CHANGES,
  'defender-xdr:AdvancedHunting.Read.All': HUNTING,
  'defender-xdr:CustomDetections.ReadWrite.All':
    'Lire les règles de détection personnalisées et les modifier : en créer, en changer, en désactiver ou en supprimer.',
  'defender-endpoint:Machine.Read.All':
    'Lire la liste des appareils et leur état : système d’exploitation, intégrité, niveau de risque et comptes qui s’y connectent.',
  'defender-endpoint:Machine.ReadWrite.All':
    'Lire les informations sur les appareils et les modifier : étiquettes et valeur de l’appareil.',
  'defender-endpoint:Machine.Isolate': 'Isoler un appareil du réseau, puis le reconnecter.',
  'defender-endpoint:Machine.RestrictExecution':
    'Limiter un appareil aux programmes signés par Microsoft, et lever cette restriction.',
  'defender-endpoint:Machine.Scan': 'Lancer une analyse antivirus sur un appareil.',
  'defender-endpoint:Machine.StopAndQuarantine':
    'Arrêter un fichier sur un appareil et le mettre en quarantaine.',
  'defender-endpoint:Machine.CollectForensics':
    'Recueillir des traces techniques sur un appareil : programmes en cours, connexions réseau et journaux d’événements.',
  'defender-endpoint:Machine.LiveResponse':
    'Ouvrir une session à distance sur un appareil : exécuter des commandes et copier des fichiers dans les deux sens.',
  'defender-endpoint:Machine.Offboard':
    'Retirer un appareil de Microsoft Defender pour point de terminaison.',
  'defender-endpoint:Alert.Read.All': 'Lire les alertes concernant vos appareils.',
  'defender-endpoint:Alert.ReadWrite.All':
    'Lire les alertes concernant vos appareils et les modifier : état, attribution, classification et commentaires.',
  'defender-endpoint:AdvancedQuery.Read.All':
    'Rechercher dans les données de sécurité de vos appareils des 30 derniers jours : programmes, fichiers, trafic réseau et connexions des comptes.',
  'graph:SecurityIncident.Read.All': INCIDENTS,
  'graph:SecurityIncident.ReadWrite.All': INCIDENT_CHANGES,
  'graph:SecurityAlert.Read.All':
    'Lire les alertes de sécurité avec leurs preuves : appareils, comptes, fichiers et informations sur les e-mails.',
  'graph:SecurityAlert.ReadWrite.All':
    'Lire les alertes de sécurité et les modifier : état, attribution, classification et commentaires.',
  'graph:ThreatHunting.Read.All': HUNTING,
  'graph:SecurityEvents.Read.All':
    'Lire les alertes de sécurité dans leur ancien format, ainsi que le niveau de sécurité de votre organisation.',
};
