import { MEANINGS_ES } from '../../../permissions/meanings/es.ts';
import { REFUSALS_ES } from './refusals/es.ts';
import type { Texts } from './texts.ts';

/** The consent pages in Spanish. */
export const ES: Texts = {
  language: 'es',
  partner: 'su proveedor de seguridad',
  meanings: MEANINGS_ES,
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
  refusals: REFUSALS_ES,
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
