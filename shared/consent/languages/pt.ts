import type { MailText, Texts } from './texts.ts';

/** The consent pages in Portuguese. */
export const PT: Texts = {
  language: 'pt',
  partner: 'o seu parceiro de segurança',
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
  refusals: {
    invitation_unknown: {
      title: 'Este link não é válido',
      lines: ['Verifique se o copiou por inteiro ou peça um novo ao seu parceiro de segurança.'],
    },
    invitation_expired: {
      title: 'Este link expirou',
      lines: [
        'Para sua segurança, os links expiram ao fim de alguns dias. Peça um novo ao seu parceiro de segurança.',
      ],
    },
    invitation_used: {
      title: 'Este link já foi utilizado',
      lines: [
        'Cada link funciona uma única vez. Se não foi a sua organização a usá-lo, avise o seu parceiro de segurança.',
      ],
    },
    invitation_revoked: {
      title: 'Este link foi anulado',
      lines: ['O seu parceiro de segurança anulou-o. Peça um novo se ainda precisar dele.'],
    },
    cross_site: {
      title: 'Use o botão da nossa página',
      lines: [
        'Este pedido veio de outro site. Nada foi alterado. Abra o link que o seu parceiro de segurança lhe enviou.',
      ],
    },
    state_missing: {
      title: 'Esta página não pode ser aberta diretamente',
      lines: ['Abra o link que o seu parceiro de segurança lhe enviou.'],
    },
    state_invalid: {
      title: 'Esta resposta não pertence a nenhum pedido nosso',
      lines: ['Nada foi alterado. Abra o link que o seu parceiro de segurança lhe enviou.'],
    },
    state_expired: {
      title: 'Passou demasiado tempo',
      lines: ['O pedido expirou e nada foi alterado. Abra o link novamente.'],
    },
    other_browser: {
      title: 'Use o mesmo navegador em todos os passos',
      lines: [
        'O pedido foi iniciado noutro navegador ou noutra janela. Abra o link novamente aqui.',
      ],
    },
    sign_in_failed: {
      title: 'O início de sessão não foi concluído',
      lines: ['Nada foi alterado. Tente de novo e inicie sessão outra vez.'],
    },
    personal_account: {
      title: 'Use a sua conta profissional',
      lines: [
        'As contas Microsoft pessoais não pertencem a nenhuma organização. Tente de novo com a sua conta profissional.',
      ],
    },
    wrong_tenant: {
      title: 'Este link destina-se a outra organização',
      lines: [
        'Iniciou sessão numa organização diferente da do link. Aqui nada foi registado.',
        'Tente de novo com uma conta da organização certa.',
      ],
    },
    tenant_offboarded: {
      title: 'O serviço da sua organização terminou',
      lines: [
        'O seu parceiro de segurança terminou o serviço e eliminou o que guardava sobre a sua organização. Nada foi alterado.',
        'Para recomeçar, peça ao seu parceiro um novo link feito para a sua organização.',
      ],
    },
    declined: {
      title: 'Recusou o pedido',
      lines: ['Nada foi concedido. Aqui está de novo o que é pedido; o link funciona até expirar.'],
    },
    admin_required: {
      title: 'Isto tem de ser feito por um administrador',
      lines: [
        'A sua conta não pode conceder estas permissões. Reencaminhe o link para um administrador ou tente de novo com outra conta.',
      ],
    },
    assignment_required: {
      title: 'A sua organização tem de lhe atribuir primeiro a aplicação',
      lines: [
        'Na sua organização, a aplicação exige atribuição. Um administrador pode atribuí-la em «Aplicações empresariais» ou desativar essa exigência.',
      ],
    },
    blocked_by_policy: {
      title: 'Uma política da sua organização bloqueou o início de sessão',
      lines: [
        'Uma política de acesso condicional ou uma restrição de inquilinos não lhe permitiu continuar. Fale com o administrador responsável ou tente a partir de outro dispositivo.',
      ],
    },
    no_subscription: {
      title: 'O Microsoft Defender não está configurado na sua organização',
      lines: [
        'A sua organização não tem uma subscrição ativa de um dos serviços. Avise o seu parceiro de segurança.',
      ],
    },
    being_prepared: {
      title: 'A Microsoft ainda está a preparar a aplicação',
      lines: [
        'A aplicação está a ser adicionada à sua organização ou acabou de ser removida. Tente de novo daqui a um quarto de hora.',
      ],
    },
    consent_failed: {
      title: 'A Microsoft não conseguiu concluir o consentimento',
      lines: [
        'Tente de novo dentro de alguns minutos. Se o problema persistir, envie ao seu parceiro de segurança os dados abaixo.',
      ],
    },
    try_later: {
      title: 'Tente de novo dentro de um minuto',
      lines: ['Um serviço necessário não responde neste momento. Nada foi alterado.'],
    },
  },
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

/** The mail that brings an invitation, in Portuguese. */
export const MAIL_PT: MailText = {
  language: 'pt',
  name: 'Português',
  domainEndings: ['pt', 'br'],
  partner: 'o seu parceiro de segurança',
  subject: 'Acesso ao seu Microsoft Defender',
  body: `Olá,

Para cuidar do seu Microsoft Defender, {partner} precisa do consentimento de um administrador da sua organização. A página desta ligação diz o que é pedido, o que fica excluído e como retirar o consentimento. Nada acontece antes de aceitar na Microsoft:

{link}

A ligação funciona uma só vez, até {until}. Pedimos que não a encaminhe para fora da sua organização. Se não esperava esta mensagem, não abra a ligação e pergunte-nos por um meio que já conheça.

Com os melhores cumprimentos
{partner}`,
};
