import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { saveAuthority } from '../../local/tls/trust.ts';
import { readClaims, SCOPE, startFace } from './set-up.ts';

const run = promisify(execFile);
const { tls, tool, contoso } = await startFace();
const folder = await mkdtemp(join(tmpdir(), 'go-'));
afterAll(() => rm(folder, { recursive: true }));

const PROGRAM = `package main

import (
	"context"
	"fmt"
	"os"

	"golang.org/x/oauth2/clientcredentials"
)

func main() {
	config := clientcredentials.Config{
		ClientID: os.Args[2], ClientSecret: os.Args[3], TokenURL: os.Args[1], Scopes: []string{os.Args[4]},
	}
	token, err := config.Token(context.Background())
	if err != nil {
		fmt.Println(err)
		os.Exit(0)
	}
	fmt.Println(token.AccessToken)
}
`;

/** Debian's package golang-golang-x-oauth2-dev; without it, or without Go, it says so in a word. */
async function build(): Promise<string | undefined> {
  const source = join(folder, 'main.go');
  const program = join(folder, 'client');
  await writeFile(source, PROGRAM);
  const env = { ...process.env, GO111MODULE: 'off', GOPATH: '/usr/share/gocode', GOFLAGS: '' };
  const isBuilt = await run('go', ['build', '-o', program, source], { env }).then(
    () => true,
    () => false,
  );
  if (!isBuilt)
    console.warn('There is no Go, or no golang.org/x/oauth2: its client is not tested.');
  return isBuilt ? program : undefined;
}

const program = await build();
const authority = await saveAuthority(tls.authority, folder);

async function ask(secret: string): Promise<string> {
  const url = `${tls.url}/${contoso.tenantId}/oauth2/v2.0/token`;
  const env = { ...process.env, SSL_CERT_FILE: authority };
  return (await run(program ?? '', [url, tool.clientId, secret, SCOPE], { env })).stdout.trim();
}

test.skipIf(!program)('Go’s clientcredentials gets the token of a customer', async () => {
  expect(readClaims(await ask(tool.secret)).tid).toBe(contoso.tenantId);
});

test.skipIf(!program)('Go’s clientcredentials shows who has to act', async () => {
  expect(await ask('wrong')).toMatch(/401 Unauthorized.*invalid_client.*To be done by: caller/s);
});
