import type { RefusalTexts } from '../texts.ts';

/** The pages of refused consents in Spanish. */
export const REFUSALS_ES: RefusalTexts = {
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
  invitation_revoked: {
    title: 'Este enlace se ha anulado',
    lines: ['Su proveedor de seguridad lo ha anulado. Pida uno nuevo si todavía lo necesita.'],
  },
  cross_site: {
    title: 'Utilice el botón de nuestra página',
    lines: [
      'Esta solicitud procede de otro sitio web. No se ha cambiado nada. Abra el enlace que le envió su proveedor de seguridad.',
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
  other_browser: {
    title: 'Utilice el mismo navegador en todos los pasos',
    lines: ['La solicitud se inició en otro navegador o ventana. Vuelva a abrir el enlace aquí.'],
  },
  sign_in_failed: {
    title: 'No se completó el inicio de sesión',
    lines: ['No se ha cambiado nada. Inténtelo de nuevo e inicie sesión otra vez.'],
  },
  personal_account: {
    title: 'Utilice su cuenta de trabajo',
    lines: [
      'Las cuentas personales de Microsoft no pertenecen a ninguna organización. Inténtelo de nuevo con su cuenta de trabajo.',
    ],
  },
  wrong_tenant: {
    title: 'Este enlace es para otra organización',
    lines: [
      'Ha iniciado sesión en una organización distinta de la del enlace. Aquí no se ha registrado nada.',
      'Inténtelo de nuevo con una cuenta de la organización correcta.',
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
      'No se ha concedido nada. Aquí puede ver otra vez lo que se solicita; el enlace funciona hasta que caduque.',
    ],
  },
  admin_required: {
    title: 'Debe hacerlo un administrador',
    lines: [
      'Su cuenta no puede conceder estos permisos. Reenvíe el enlace a un administrador o inténtelo de nuevo con otra cuenta.',
    ],
  },
  assignment_required: {
    title: 'Su organización debe asignarle antes la aplicación',
    lines: [
      'En su organización la aplicación requiere asignación. Un administrador puede asignársela en «Aplicaciones empresariales» o desactivar ese requisito.',
    ],
  },
  blocked_by_policy: {
    title: 'Una directiva de su organización bloqueó el inicio de sesión',
    lines: [
      'Una directiva de acceso condicional o una restricción de inquilinos no le dejó continuar. Consulte al administrador que se ocupa de ellas o pruebe desde otro dispositivo.',
    ],
  },
  no_subscription: {
    title: 'Microsoft Defender no está configurado en su organización',
    lines: [
      'Su organización no tiene una suscripción activa a uno de los servicios. Avise a su proveedor de seguridad.',
    ],
  },
  being_prepared: {
    title: 'Microsoft aún está preparando la aplicación',
    lines: [
      'La aplicación se está añadiendo a su organización o se acaba de quitar. Inténtelo de nuevo dentro de un cuarto de hora.',
    ],
  },
  consent_failed: {
    title: 'Microsoft no pudo completar el consentimiento',
    lines: [
      'Inténtelo de nuevo en unos minutos. Si continúa, envíe a su proveedor de seguridad los datos siguientes.',
    ],
  },
  try_later: {
    title: 'Inténtelo de nuevo en un minuto',
    lines: ['Un servicio necesario no responde en este momento. No se ha cambiado nada.'],
  },
};
