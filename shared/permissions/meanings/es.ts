import type { PermissionMeanings } from '../../resources/permissions.ts';

const INCIDENTS =
  'Leer los incidentes de seguridad y sus alertas, con los dispositivos, las cuentas y los archivos implicados.';
const INCIDENT_CHANGES =
  'Leer los incidentes de seguridad y modificarlos: estado, asignación, clasificación, etiquetas y comentarios.';
const HUNTING =
  'Buscar en los registros de seguridad de los últimos 30 días: dispositivos, inicios de sesión, conexiones de red y datos de los correos, como el remitente y el asunto, pero no su contenido.';

/** What each permission allows, in Spanish. */
export const MEANINGS_ES: PermissionMeanings = {
  'defender-xdr:Incident.Read.All': INCIDENTS,
  'defender-xdr:Incident.ReadWrite.All': INCIDENT_CHANGES,
  'defender-xdr:AdvancedHunting.Read.All': HUNTING,
  'defender-xdr:CustomDetections.ReadWrite.All':
    'Leer las reglas de detección personalizadas y modificarlas: crear, editar, desactivar o eliminar reglas.',
  'defender-endpoint:Machine.Read.All':
    'Leer la lista de dispositivos y su situación: sistema operativo, estado, nivel de riesgo y quién inicia sesión en ellos.',
  'defender-endpoint:Machine.ReadWrite.All':
    'Leer los datos de los dispositivos y modificarlos: etiquetas y valor del dispositivo.',
  'defender-endpoint:Machine.Isolate': 'Aislar un dispositivo de la red y volver a conectarlo.',
  'defender-endpoint:Machine.RestrictExecution':
    'Limitar un dispositivo a los programas firmados por Microsoft y levantar esa restricción.',
  'defender-endpoint:Machine.Scan': 'Iniciar un análisis antivirus en un dispositivo.',
  'defender-endpoint:Machine.StopAndQuarantine':
    'Detener un archivo en un dispositivo y ponerlo en cuarentena.',
  'defender-endpoint:Machine.CollectForensics':
    'Recopilar un paquete de datos técnicos de un dispositivo: programas en ejecución, conexiones de red y registros de eventos.',
  'defender-endpoint:Machine.LiveResponse':
    'Abrir una sesión remota en un dispositivo: ejecutar comandos y copiar archivos en ambos sentidos.',
  'defender-endpoint:Machine.Offboard':
    'Dar de baja un dispositivo en Microsoft Defender para punto de conexión.',
  'defender-endpoint:Alert.Read.All': 'Leer las alertas sobre sus dispositivos.',
  'defender-endpoint:Alert.ReadWrite.All':
    'Leer las alertas sobre sus dispositivos y modificarlas: estado, asignación, clasificación y comentarios.',
  'defender-endpoint:AdvancedQuery.Read.All':
    'Buscar en los registros de seguridad de sus dispositivos de los últimos 30 días: programas, archivos, conexiones de red e inicios de sesión.',
  'graph:SecurityIncident.Read.All': INCIDENTS,
  'graph:SecurityIncident.ReadWrite.All': INCIDENT_CHANGES,
  'graph:SecurityAlert.Read.All':
    'Leer las alertas de seguridad con sus evidencias: dispositivos, cuentas, archivos y datos de los correos.',
  'graph:SecurityAlert.ReadWrite.All':
    'Leer las alertas de seguridad y modificarlas: estado, asignación, clasificación y comentarios.',
  'graph:ThreatHunting.Read.All': HUNTING,
  'graph:SecurityEvents.Read.All':
    'Leer las alertas de seguridad en su formato anterior y la puntuación de seguridad de su organización.',
};
