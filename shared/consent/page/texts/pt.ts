import { MEANINGS_PT } from '../../../permissions/meanings/pt.ts';
import { REFUSALS_PT } from './refusals/pt.ts';
import type { Texts } from './texts.ts';

/** The consent pages in Portuguese. */
export const PT: Texts = {
  language: 'pt',
  partner: 'o seu parceiro de segurança',
  meanings: MEANINGS_PT,
  invitation: {
    title: '{partner} pede acesso ao seu Microsoft Defender',
    lines: [
      'Leia para que serve este acesso. Nada acontece até que continue, inicie sessão na Microsoft e aceite.',
    ],
    permissionsTitle: 'O que estaria a permitir',
    compare:
      'A Microsoft mostra as mesmas permissões antes de aceitar. Compare as duas listas, por favor.',
    limitsTitle: 'O que este acesso não inclui',
    limits: {
      identity: 'Iniciar sessão em nome de uma pessoa; ver ou alterar palavras-passe',
      content: 'Abrir o conteúdo de e-mails, conversas ou documentos',
      changeNothing: 'Fazer alterações na sua organização',
      changeNothingElse: 'Fazer alterações além das assinaladas acima',
    },
    limitsUnknown:
      'Esta página não conhece todas as permissões acima e por isso não pode dizer o que fica de fora. Pergunte antes de aceitar.',
    withdrawTitle: 'Pode retirar o acesso em qualquer altura',
    withdraw:
      'No centro de administração do Microsoft Entra, abra «Aplicações empresariais», escolha esta aplicação e depois «Propriedades» e «Eliminar». A partir daí não é concedido nenhum acesso novo; o que estiver em uso termina em cerca de 90 minutos.',
    button: 'Continuar na Microsoft',
    signIn: 'A sessão é iniciada na Microsoft; mais ninguém vê a sua palavra-passe.',
    rolesWithGraph:
      'Para aceitar, precisa da função de administrador de funções com privilégios ou de administrador global.',
    rolesWithoutGraph:
      'Para aceitar, precisa da função de administrador de aplicações na cloud, administrador de aplicações, administrador de funções com privilégios ou administrador global.',
  },
  permissions: {
    marks: {
      reads: 'Só leitura',
      changes: 'Pode fazer alterações',
      unknown: 'Poderá fazer alterações',
    },
    unknown:
      'Esta página não tem uma descrição desta permissão. Pergunte para que serve antes de aceitar.',
    granted: 'Permissões concedidas',
    missing: 'Permissões em falta',
    optionalMissing: 'Permissões opcionais que não estão ativas',
  },
  outcomes: {
    verifying: {
      title: 'A Microsoft ainda está a aplicar o seu consentimento',
      lines: [
        'Obrigado. Recebemos o seu consentimento. Em geral, a Microsoft precisa de alguns minutos para o aplicar em todo o lado.',
        'Não tem de fazer mais nada. Esta página atualiza-se sozinha e a verificação continua mesmo que a feche.',
      ],
    },
    awaiting_approval: {
      title: 'Obrigado. O seu parceiro confirmará o resto',
      lines: [
        'A sua conta não tem nenhuma função que permita dar este consentimento, por isso {partner} confirma primeiro que se destina à sua organização.',
        'Não tem de fazer mais nada. Até lá, nada é lido. Pode fechar esta página.',
      ],
    },
    active: {
      title: 'Pronto. O seu consentimento está ativo',
      lines: [
        '{partner} já pode usar as permissões seguintes.',
        'Não tem de fazer mais nada. Pode fechar esta página.',
      ],
    },
    partial: {
      title: 'Está quase: faltam algumas permissões',
      lines: [
        'Recebemos o seu consentimento, mas não para todas as permissões de que {partner} precisa.',
        'O botão volta a pedi-las. A Microsoft mostrará então todas as permissões, incluindo as que já concedeu.',
      ],
    },
    not_found: {
      title: 'O seu consentimento ainda não chegou até nós',
      lines: [
        'A Microsoft não comunica nenhum consentimento da sua organização. Talvez tenha faltado o último passo, ou a Microsoft está a demorar mais do que o habitual.',
        'Nada se perdeu: repita os passos, por favor.',
      ],
    },
    paused: {
      title: 'O seu consentimento ficou registado',
      lines: [
        '{partner} ainda não ativou o serviço para a sua organização e não lê nada até lá.',
        'Não tem de fazer mais nada. Pode fechar esta página.',
      ],
    },
  },
  wait: {
    title: 'Um momento, por favor',
    lines: ['A resposta da Microsoft está a ser processada. Esta página continua automaticamente.'],
  },
  refusals: REFUSALS_PT,
  labels: {
    asker: 'Quem faz o pedido',
    contact: 'Contacto',
    privacy: 'Declaração de privacidade',
    app: 'Aplicação na Microsoft',
    appId: 'ID da aplicação',
    organisation: 'Para a organização',
    tenantId: 'Organização (ID do inquilino)',
    signedInAs: 'Sessão iniciada como',
    errorCode: 'Código de erro da Microsoft',
    reference: 'Referência',
    tryAgain: 'Tentar de novo',
    lookAgain: 'Verificar agora',
  },
};
