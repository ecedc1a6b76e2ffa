import type { MailText, Texts } from './texts.ts';

/** The consent pages in Spanish. */
export const ES: Texts = {
  language: 'es',
  partner: 'su proveedor de seguridad',
  invitation: {
    title: '{partner} solicita acceso a su Microsoft Defender',
    lines: [
      'Lea para qué sirve este acceso. No ocurre nada hasta que usted continúe, inicie sesión en Microsoft y acepte allí.',
    ],
    permissionsTitle: 'Lo que usted permitiría',
    compare:
      'Microsoft muestra los mismos permisos antes de que usted acepte. Compare las dos listas.',
    limitsTitle: 'Lo que este acceso no incluye',
    limits: {
      identity: 'Iniciar sesión como alguien de su organización; ver o cambiar contraseñas',
      content: 'Abrir el contenido de correos, chats o documentos',
      changeNothing: 'Hacer cambios en su organización',
      changeNothingElse: 'Hacer otros cambios aparte de los señalados arriba',
    },
    limitsUnknown:
      'Esta página no conoce todos los permisos anteriores, así que no puede decir qué queda fuera. Pregunte antes de aceptar.',
    withdrawTitle: 'Puede retirarlo cuando quiera',
    withdraw:
      'En el centro de administración de Microsoft Entra, abra «Aplicaciones empresariales», elija esta aplicación y después «Propiedades» y «Eliminar». Desde ese momento no se concede ningún acceso nuevo; el que esté en uso termina en unos 90 minutos.',
    button: 'Continuar en Microsoft',
    signIn: 'La sesión se inicia en Microsoft; nadie más ve su contraseña.',
    rolesWithGraph:
      'Para aceptar necesita el rol de administrador de roles con privilegios o de administrador global.',
    rolesWithoutGraph:
      'Para aceptar necesita el rol de administrador de aplicaciones en la nube, administrador de aplicaciones, administrador de roles con privilegios o administrador global.',
  },
  permissions: {
    marks: {
      reads: 'Solo lectura',
      changes: 'Puede hacer cambios',
      unknown: 'Podría hacer cambios',
    },
    unknown:
      'Esta página no tiene ninguna descripción de este permiso. Pregunte para qué sirve antes de aceptar.',
    granted: 'Permisos concedidos',
    missing: 'Permisos que faltan',
    optionalMissing: 'Permisos opcionales que no están activos',
  },
  outcomes: {
    verifying: {
      title: 'Microsoft aún está aplicando su consentimiento',
      lines: [
        'Gracias, hemos recibido su consentimiento. Microsoft suele necesitar unos minutos para aplicarlo en todas partes.',
        'No tiene que hacer nada más. Esta página se actualiza sola y la comprobación continúa aunque la cierre.',
      ],
    },
    awaiting_approval: {
      title: 'Gracias. Su proveedor confirmará el resto',
      lines: [
        'Su cuenta no tiene ningún rol que permita dar este consentimiento, así que {partner} confirmará primero que es para su organización.',
        'No tiene que hacer nada más. Hasta entonces no se leerá nada. Puede cerrar esta página.',
      ],
    },
    active: {
      title: 'Listo. Su consentimiento está activo',
      lines: [
        '{partner} ya puede usar los permisos siguientes.',
        'No tiene que hacer nada más. Puede cerrar esta página.',
      ],
    },
    partial: {
      title: 'Ya casi está: faltan algunos permisos',
      lines: [
        'Hemos recibido su consentimiento, pero no para todos los permisos que {partner} necesita.',
        'Con el botón se vuelven a solicitar. Microsoft mostrará entonces todos los permisos, también los que usted ya ha concedido.',
      ],
    },
    not_found: {
      title: 'Su consentimiento aún no nos ha llegado',
      lines: [
        'Microsoft no informa de ningún consentimiento de su organización. Quizá faltó el último paso o Microsoft está tardando más de lo habitual.',
        'No se ha perdido nada: repita los pasos, por favor.',
      ],
    },
    paused: {
      title: 'Su consentimiento ha quedado registrado',
      lines: [
        '{partner} aún no ha activado el servicio para su organización y no leerá nada hasta entonces.',
        'No tiene que hacer nada más. Puede cerrar esta página.',
      ],
    },
  },
  wait: {
    title: 'Un momento, por favor',
    lines: [
      'Se está procesando la respuesta de Microsoft. Esta página continuará automáticamente.',
    ],
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
  },
  labels: {
    asker: 'Quién lo solicita',
    contact: 'Contacto',
    privacy: 'Declaración de privacidad',
    app: 'Aplicación en Microsoft',
    appId: 'Id. de aplicación',
    organisation: 'Para la organización',
    tenantId: 'Organización (id. de inquilino)',
    signedInAs: 'Sesión iniciada como',
    errorCode: 'Código de error de Microsoft',
    reference: 'Referencia',
    tryAgain: 'Intentarlo de nuevo',
    lookAgain: 'Comprobar ahora',
  },
};

/** The mail that brings an invitation, in Spanish. */
export const MAIL_ES: MailText = {
  language: 'es',
  name: 'Español',
  domainEndings: ['es', 'mx', 'ar', 'cl', 'co', 'pe'],
  partner: 'su socio de seguridad',
  subject: 'Acceso a su Microsoft Defender',
  body: `Hola:

Para ocuparse de su Microsoft Defender, {partner} necesita el consentimiento de un administrador de su organización. La página de este enlace explica qué se solicita, qué queda excluido y cómo puede retirarlo. No ocurre nada hasta que usted acepta en Microsoft:

{link}

El enlace funciona una sola vez, hasta el {until}. Le rogamos que no lo reenvíe fuera de su organización. Si no esperaba este mensaje, no abra el enlace y consúltenos por una vía que ya conozca.

Un cordial saludo
{partner}`,
};
