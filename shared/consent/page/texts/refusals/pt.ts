import type { RefusalTexts } from '../texts.ts';

/** The pages of refused consents in Portuguese. */
export const REFUSALS_PT: RefusalTexts = {
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
    lines: ['O pedido foi iniciado noutro navegador ou noutra janela. Abra o link novamente aqui.'],
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
};
