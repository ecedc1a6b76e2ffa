import type { Texts } from './texts.ts';

/** The consent pages in Spanish. */
export const ES: Texts = {
  language: 'es',
  outcomes: {
    verifying: {
      title: 'Microsoft aún está aplicando su consentimiento',
      lines: [
        'Hemos recibido su consentimiento. Microsoft puede tardar unos minutos en aplicarlo en todas partes.',
        'Esta página se actualiza sola cada pocos segundos. Puede cerrarla: la comprobación continúa.',
      ],
    },
    active: {
      title: 'Listo. Su consentimiento está activo',
      lines: [
        'Su proveedor de seguridad ya puede leer lo que usted ha concedido, y nada más.',
        'No tiene que hacer nada más. Puede cerrar esta página.',
      ],
    },
    partial: {
      title: 'Casi está: faltan algunos permisos',
      lines: [
        'Hemos encontrado su consentimiento, pero no para todo lo que pidió su proveedor de seguridad.',
        'El enlace siguiente solicita exactamente lo que falta.',
      ],
    },
    paused: {
      title: 'Su consentimiento ha quedado registrado',
      lines: [
        'Su proveedor de seguridad ha pausado el servicio para su organización.',
        'No se leerá nada hasta que lo reanude. Puede cerrar esta página.',
      ],
    },
  },
  refusals: {
    invitation_unknown: {
      title: 'Este enlace no es válido',
      lines: ['Compruebe que lo ha copiado completo o pida uno nuevo a su proveedor de seguridad.'],
    },
    invitation_expired: {
      title: 'Este enlace ha caducado',
      lines: [
        'Por su seguridad, los enlaces caducan a los pocos días. Pida uno nuevo a su proveedor de seguridad.',
      ],
    },
    invitation_used: {
      title: 'Este enlace ya se ha utilizado',
      lines: [
        'Cada enlace funciona una sola vez. Si no fue usted, avise a su proveedor de seguridad.',
      ],
    },
    state_missing: {
      title: 'Esta página no se puede abrir directamente',
      lines: ['Abra el enlace que le envió su proveedor de seguridad.'],
    },
    state_invalid: {
      title: 'Esta respuesta no corresponde a ninguna solicitud nuestra',
      lines: ['No se ha cambiado nada. Abra el enlace que le envió su proveedor de seguridad.'],
    },
    state_expired: {
      title: 'Ha pasado demasiado tiempo',
      lines: ['La solicitud ha caducado y no se ha cambiado nada. Vuelva a abrir el enlace.'],
    },
    state_replayed: {
      title: 'Esta respuesta ya se procesó',
      lines: ['No se ha procesado de nuevo. Para empezar otra vez, vuelva a abrir el enlace.'],
    },
    other_browser: {
      title: 'Utilice el mismo navegador en todos los pasos',
      lines: ['La solicitud se inició en otro navegador o ventana. Vuelva a abrir el enlace aquí.'],
    },
    sign_in_failed: {
      title: 'No se completó el inicio de sesión',
      lines: ['No se ha cambiado nada. Vuelva a abrir el enlace e inicie sesión de nuevo.'],
    },
    personal_account: {
      title: 'Utilice su cuenta de trabajo',
      lines: [
        'Las cuentas personales de Microsoft no pertenecen a ninguna organización. Vuelva a abrir el enlace con su cuenta de trabajo.',
      ],
    },
    wrong_tenant: {
      title: 'Este enlace es para otra organización',
      lines: [
        'Ha iniciado sesión en una organización distinta de la del enlace. No se ha cambiado nada para nosotros.',
        'Vuelva a abrir el enlace con una cuenta de la organización correcta.',
      ],
    },
    tenant_offboarded: {
      title: 'El servicio de su organización ha terminado',
      lines: [
        'Su proveedor de seguridad terminó el servicio y borró lo que guardaba sobre su organización. No se ha cambiado nada.',
        'Para empezar de nuevo, pida a su proveedor un enlace nuevo hecho para su organización.',
      ],
    },
    declined: {
      title: 'Ha rechazado la solicitud',
      lines: [
        'No se ha concedido nada. Si cambia de opinión, el enlace funciona hasta que caduque.',
      ],
    },
    admin_required: {
      title: 'Debe hacerlo un administrador',
      lines: ['Su cuenta no puede conceder estos permisos. Reenvíe el enlace a un administrador.'],
    },
    no_subscription: {
      title: 'Microsoft Defender no está configurado en su organización',
      lines: [
        'Su organización no tiene una suscripción activa a uno de los servicios. Avise a su proveedor de seguridad.',
      ],
    },
    consent_failed: {
      title: 'Microsoft no pudo completar el consentimiento',
      lines: [
        'Inténtelo de nuevo en unos minutos. Si continúa, envíe a su proveedor de seguridad el código siguiente.',
      ],
    },
    try_later: {
      title: 'Inténtelo de nuevo en un minuto',
      lines: ['Un servicio necesario no responde en este momento. No se ha cambiado nada.'],
    },
  },
  signedInAs: 'Sesión iniciada como',
  tenantId: 'Organización (id. de inquilino)',
  granted: 'Concedido',
  missing: 'Falta',
  consentAgain: 'Conceder los permisos que faltan',
  lookAgain: 'Comprobar ahora',
  errorCode: 'Código de error de Microsoft',
  reference: 'Referencia',
  howToRevoke:
    'Puede retirar su consentimiento cuando quiera: centro de administración de Microsoft Entra → Aplicaciones empresariales → esta aplicación → Eliminar.',
};
