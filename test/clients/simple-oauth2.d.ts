/** What the test uses of simple-oauth2 5, which brings no types. */
declare module 'simple-oauth2' {
  export class ClientCredentials {
    constructor(options: {
      readonly client: { readonly id: string; readonly secret: string };
      readonly auth: { readonly tokenHost: string; readonly tokenPath: string };
      readonly options: {
        readonly authorizationMethod: 'header' | 'body';
        readonly credentialsEncodingMode: 'strict' | 'loose';
      };
    });
    getToken(params: {
      readonly scope: string;
    }): Promise<{ readonly token: Readonly<Record<string, unknown>> }>;
  }
}
