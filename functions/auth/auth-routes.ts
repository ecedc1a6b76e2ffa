import type { HttpHandler, HttpRequest, HttpResponseInit } from '@azure/functions';
import { BrokerError } from '../../shared/errors.ts';
import { SignInRefused } from '../../shared/sessions/sign-in.ts';
import { toErrorResponse } from '../api.ts';
import { findCookie, toCookie } from '../cookies.ts';
import type { HandlerParts, OpenRoute } from '../route.ts';
import type { Services } from '../services.ts';
import { ATTEMPT_COOKIE, SESSION_COOKIE } from './session-cookies.ts';
import { findSession, isFromConsole } from './session-request.ts';

const HEADERS = {
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
} as const;

/** `GET /auth/sign-in?return_to=`: sends an operator to the home tenant's sign-in. */
export const startSignIn: OpenRoute = {
  kind: 'open',
  tag: 'console',
  id: 'startSignIn',
  method: 'GET',
  path: 'auth/sign-in',
  summary: 'Sign in to the console, at the home tenant.',
  answers: { 303: undefined },
  errors: [],
  createHandler: handling(async ({ query }, { signIn, isSecure }) => {
    const { location, cookie } = await signIn.start(query.get('return_to') ?? '/');
    return redirect(location, [toCookie(ATTEMPT_COOKIE, cookie, isSecure)]);
  }),
};

/** `GET /auth/callback`: takes Entra's answer and begins the session. */
export const completeSignIn: OpenRoute = {
  kind: 'open',
  tag: 'console',
  id: 'completeSignIn',
  method: 'GET',
  path: 'auth/callback',
  summary: "Take Entra's answer to a sign-in and begin the session.",
  answers: { 303: undefined },
  errors: [],
  createHandler: handling(async (http, services) => {
    const { signIn, sessions, isSecure, log } = services;
    const ended = toCookie(ATTEMPT_COOKIE, '', isSecure);
    try {
      const cookie = findCookie(http, ATTEMPT_COOKIE, isSecure);
      const { session, returnTo } = await signIn.complete(toAnswer(http), cookie);
      const begun = toCookie(SESSION_COOKIE, await sessions.seal(session), isSecure);
      return redirect(`/#${returnTo}`, [ended, begun]);
    } catch (error) {
      if (!(error instanceof SignInRefused)) throw error;
      log.warn('console.refused', { refusal: error.refusal, entra_code: error.entraCode });
      return redirect(`/#/signed-out/${error.refusal}`, [ended]);
    }
  }),
};

/** `POST /auth/sign-out`: ends the session, also for who copied its cookie. */
export const signOut: OpenRoute = {
  kind: 'open',
  tag: 'console',
  id: 'signOut',
  method: 'POST',
  path: 'auth/sign-out',
  summary: 'Sign out of the console.',
  answers: { 204: undefined },
  errors: ['invalid_token'],
  createHandler: handling(async (http, { sessions, isSecure, publicOrigin }, refuse) => {
    if (!isFromConsole(http, publicOrigin)) throw toNoSession();
    const cookies = [toCookie(SESSION_COOKIE, '', isSecure)];
    try {
      await sessions.end(findCookie(http, SESSION_COOKIE, isSecure));
      return { status: 204, headers: HEADERS, cookies };
    } catch (error) {
      // The browser forgets its copy all the same.
      return { ...refuse(error), cookies };
    }
  }),
};

/** `GET /auth/me`: who is signed in, and what their roles let them do. */
export const getSession: OpenRoute = {
  kind: 'open',
  tag: 'console',
  id: 'getSession',
  method: 'GET',
  path: 'auth/me',
  summary: 'See who is signed in to the console.',
  answers: { 200: 'Session' },
  errors: ['invalid_token', 'caller_blocked'],
  createHandler: handling(async (http, services) => {
    const session = await findSession(http, services);
    if (!session) throw toNoSession();
    const { caller, name, expiresAt } = session;
    return {
      headers: HEADERS,
      jsonBody: {
        caller: caller.id,
        name,
        roles: caller.roles,
        expires_at: new Date(expiresAt).toISOString(),
        partner_name: services.pageContext.partner.name,
      },
    };
  }),
};

type Answer = (
  http: HttpRequest,
  services: Services,
  refuse: (error: unknown) => HttpResponseInit,
) => HttpResponseInit | Promise<HttpResponseInit>;

function handling(answer: Answer) {
  return ({ getServices, log }: HandlerParts): HttpHandler =>
    async (http, { invocationId: correlationId }) => {
      const refuse = (error: unknown) => toErrorResponse(error, { log, correlationId });
      try {
        return await answer(http, getServices(), refuse);
      } catch (error) {
        return refuse(error);
      }
    };
}

function redirect(location: string, cookies: HttpResponseInit['cookies'] = []): HttpResponseInit {
  return { status: 303, headers: { ...HEADERS, location }, cookies };
}

function toAnswer({ query }: HttpRequest) {
  const text = (name: string) => query.get(name) ?? undefined;
  return {
    state: text('state'),
    code: text('code'),
    error: text('error'),
    error_description: text('error_description'),
  };
}

function toNoSession(): BrokerError {
  return new BrokerError('invalid_token', 'No operator is signed in.', {
    owner: 'caller',
    remedy: 'Sign in at /auth/sign-in.',
  });
}
