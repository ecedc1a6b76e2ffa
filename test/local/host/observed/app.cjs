const { app } = require('@azure/functions');

const seen = globalThis.hostFixture;
const route = (name, target, authLevel = 'anonymous') => {
  const [methods, path] = target.split(' ');
  const handler = (request) => echo(name, request);
  app.http(name, { methods: methods.split(','), route: path, authLevel, handler });
};

async function echo(name, request) {
  const { url, params } = request;
  const query = Object.fromEntries(request.query);
  const headers = Object.fromEntries(request.headers);
  return { jsonBody: { name, url, params, query, headers, body: await request.text() } };
}

// The shapes of the product's routes.
route('issueToken', 'POST api/tenants/{tenant}/token');
route('callApi', 'GET,POST api/tenants/{tenant}/apis/{resource}/{*path}');
route('tokenEndpoint', 'POST {tenant}/oauth2/v2.0/token');
route('metadata', 'GET {tenant}/v2.0/.well-known/openid-configuration');

// The real host takes the first by name.
route('firstByName', 'GET ordered/{id}');
route('literalByName', 'GET ordered/new');
route('sameAgain', 'GET Ordered/New/');
route('catchAll', 'GET tail/{*rest}');
route('swallowed', 'GET tail/one');
route('extra', 'GET %EXTRA_ROUTE%');

route('nameless', 'GET ');
route('needsKey', 'GET locked', 'function');
route('reserved', 'GET admin/reserved');
route('alsoReserved', 'GET Runtimes');

const ANSWERS = {
  twoCookieHeaders: { headers: new Headers([...cookie('a=1'), ...cookie('b=2')]) },
  cookies: { cookies: [toCookie('a', '1 2'), toCookie('b', 'ü')] },
  repeatedHeader: { headers: new Headers([...via('one'), ...via('two')]) },
  text: { body: 'text' },
  long: { body: 'text', headers: { 'content-length': '4' } },
  tooLong: { body: 'text', headers: { 'content-length': '3' } },
  empty: { status: 200 },
  notAscii: { headers: { 'content-disposition': 'attachment; filename="año.csv"' } },
  notPrintable: { headers: { 'x-text': 'a\u0001b' } },
  framedByApp: { body: 'text', headers: { 'transfer-encoding': 'chunked' } },
  ownServer: { headers: { server: 'me', date: 'Thu, 01 Jan 1970 00:00:00 GMT' } },
  undefined: undefined,
  null: null,
  string: 'text',
  number: 7,
  status100: { status: 100 },
  status999: { status: 999 },
};

function cookie(value) {
  return [['set-cookie', value]];
}

function via(value) {
  return [['via', value]];
}

function toCookie(name, value) {
  return { name, value };
}

app.http('answer', {
  methods: ['GET', 'HEAD'],
  route: 'answer/{kind}',
  handler: ({ params }) => ANSWERS[params.kind],
});

app.timer('tick', {
  schedule: '%TICK%',
  handler: ({ scheduleStatus }) => {
    seen.ticks.push(scheduleStatus);
  },
});
app.storageQueue('work', {
  queueName: '%QUEUE%',
  connection: 'AzureWebJobsStorage',
  handler: (message, { triggerMetadata }) => {
    seen.messages.push({ message, triggerMetadata });
  },
});
