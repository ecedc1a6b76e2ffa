import type { ServerResponse } from 'node:http';
import { sendStatus, sendText } from './http-response.ts';

/**
 * Answers `/` where no function does: the real host shows a page of its own, or nothing when that
 * is disabled.
 */
export function answerHomepage(outgoing: ServerResponse, isDisabled: boolean): void {
  if (isDisabled) sendStatus(outgoing, 204);
  else sendText(outgoing, HOMEPAGE, { type: 'text/html' });
}

const HOMEPAGE = `<!doctype html>
<html lang="en">
<title>Functions host</title>
<p>Your Functions app is up and running. No function of it answers this address.</p>
</html>
`;
