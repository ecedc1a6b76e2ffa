import type { PermissionMeanings } from '../../resources/permissions.ts';

const INCIDENTS =
  'Ler os incidentes de segurança e os respetivos alertas, com os dispositivos, as contas e os ficheiros envolvidos.';
const INCIDENT_CHANGES =
  'Ler os incidentes de segurança e alterá-los: estado, atribuição, classificação, etiquetas e comentários.';
const HUNTING =
  'Pesquisar nos registos de segurança dos últimos 30 dias: dispositivos, inícios de sessão, ligações de rede e dados dos e-mails, como o remetente e o assunto, mas não o conteúdo.';

/** What each permission allows, in Portuguese. */
export const MEANINGS_PT: PermissionMeanings = {
  'defender-xdr:Incident.Read.All': INCIDENTS,
  'defender-xdr:Incident.ReadWrite.All': INCIDENT_CHANGES,
  'defender-xdr:AdvancedHunting.Read.All': HUNTING,
  'defender-xdr:CustomDetections.ReadWrite.All':
    'Ler as regras de deteção personalizadas e alterá-las: criar, editar, desativar ou eliminar regras.',
  'defender-endpoint:Machine.Read.All':
    'Ler a lista de dispositivos e o seu estado: sistema operativo, integridade, nível de risco e quem neles inicia sessão.',
  'defender-endpoint:Machine.ReadWrite.All':
    'Ler as informações sobre os dispositivos e alterá-las: etiquetas e valor do dispositivo.',
  'defender-endpoint:Machine.Isolate': 'Isolar um dispositivo da rede e voltar a ligá-lo.',
  'defender-endpoint:Machine.RestrictExecution':
    'Limitar um dispositivo aos programas assinados pela Microsoft e levantar essa restrição.',
  'defender-endpoint:Machine.Scan': 'Iniciar uma análise antivírus num dispositivo.',
  'defender-endpoint:Machine.StopAndQuarantine':
    'Parar um ficheiro num dispositivo e colocá-lo em quarentena.',
  'defender-endpoint:Machine.CollectForensics':
    'Recolher dados técnicos de um dispositivo: programas em execução, ligações de rede e registos de eventos.',
  'defender-endpoint:Machine.LiveResponse':
    'Abrir uma sessão remota num dispositivo: executar comandos e copiar ficheiros em ambos os sentidos.',
  'defender-endpoint:Machine.Offboard':
    'Remover um dispositivo do Microsoft Defender para Endpoint.',
  'defender-endpoint:Alert.Read.All': 'Ler os alertas sobre os seus dispositivos.',
  'defender-endpoint:Alert.ReadWrite.All':
    'Ler os alertas sobre os seus dispositivos e alterá-los: estado, atribuição, classificação e comentários.',
  'defender-endpoint:AdvancedQuery.Read.All':
    'Pesquisar nos registos de segurança dos seus dispositivos dos últimos 30 dias: programas, ficheiros, ligações de rede e inícios de sessão.',
  'graph:SecurityIncident.Read.All': INCIDENTS,
  'graph:SecurityIncident.ReadWrite.All': INCIDENT_CHANGES,
  'graph:SecurityAlert.Read.All':
    'Ler os alertas de segurança com as respetivas provas: dispositivos, contas, ficheiros e dados dos e-mails.',
  'graph:SecurityAlert.ReadWrite.All':
    'Ler os alertas de segurança e alterá-los: estado, atribuição, classificação e comentários.',
  'graph:ThreatHunting.Read.All': HUNTING,
  'graph:SecurityEvents.Read.All':
    'Ler os alertas de segurança no formato anterior e a classificação de segurança da sua organização.',
};
