import { callersChanged } from '@foodshed/contracts';
import { newId } from '@foodshed/platform';
import { eventually, testNats, type TestNats } from '@foodshed/testing';
import { LiveChanges } from './live/live.service.js';
import { Callers } from './edge/callers.service.js';
import { admin, apiToken, instance, personId, sessionToken, startEdge, type Edge } from './edge.fixture.js';

const json = { 'content-type': 'application/json' };

describe('The HTTP edge', () => {
  let nats: TestNats;
  let edge: Edge;

  beforeAll(async () => {
    nats = await testNats();
    edge = await startEdge(nats);
  }, 60_000);
  afterAll(async () => {
    await edge.close();
    await nats.close();
  });

  const cookie = `foodshed_session=${sessionToken}`;
  const post = (path: string, body: string | object, headers: Record<string, string> = {}) =>
    fetch(`${edge.url}${path}`, {
      method: 'POST',
      headers: { ...json, 'idempotency-key': 'a-good-key', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  const problemOf = async (response: Response) => {
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    return (await response.json()) as {
      code: string;
      status: number;
      requestId: string;
      detail?: string;
      fields?: { path: string }[];
    };
  };
  const thing = `/api/things/${newId()}`;

  describe('with malformed input', () => {
    const deep = '['.repeat(5_000) + ']'.repeat(5_000);
    it.each([
      ['no JSON', '{', 'body'],
      ['an empty body', '', 'name'],
      ['a missing field', { quantity: 1 }, 'name'],
      ['a null', { name: null, quantity: 1 }, 'name'],
      ['a wrong type', { name: 'a', quantity: '1' }, 'quantity'],
      ['a number beyond 2^53', '{"name":"a","quantity":9007199254740993}', 'quantity'],
      ['a negative number', { name: 'a', quantity: -1 }, 'quantity'],
      ['a field too many', { name: 'a', quantity: 1, extra: 1 }, 'extra'],
      ['a NUL', '{"name":"a\\u0000","quantity":1}', 'name'],
      ['a lone surrogate', '{"name":"\\ud800","quantity":1}', 'name'],
      [
        'a lone surrogate far inside',
        '{"name":"a","quantity":1,"lines":[{"note":"\\udc00"}]}',
        'lines.0.note',
      ],
      ['a NUL in a name', '{"name":"a","quantity":1,"x\\u0000":1}', 'x'],
      ['__proto__', '{"name":"a","quantity":1,"__proto__":{"x":1}}', 'body'],
      ['constructor.prototype', '{"name":"a","quantity":1,"constructor":{"prototype":{"x":1}}}', 'body'],
      ['a deep nest', `{"name":"a","quantity":1,"lines":${deep}}`, 'lines.0'],
      ['a list for an object', '[]', ''],
      ['a text for an object', '"a"', ''],
      ['null for an object', 'null', ''],
    ])('answers %s with 400 and the field', async (_case, body, field) => {
      const response = await post('/api/things', body);
      const problem = await problemOf(response);
      expect([response.status, problem.code]).toEqual([400, 'invalid-input']);
      expect(problem.fields?.map(({ path }) => path)).toContain(field);
    });

    it('takes what is valid, with any characters that can be stored', async () => {
      const response = await post('/api/things', '{"name":"\\ud83e\\udd55 carottes","quantity":1}');
      expect(response.status).toBe(201);
      expect(await response.json()).toMatchObject({
        body: { name: '🥕 carottes', lines: [] },
        key: 'a-good-key',
      });
    });

    it.each([
      ['/api/things/not-an-id', 'thingId'],
      [`${thing}?limit=eleven`, 'limit'],
      [`${thing}?limit=1&limit=2`, 'limit'],
      [`${thing}?other=1`, 'other'],
      ['/api/things/%00', 'thingId'],
      [`${thing}?instance=No%20Slug`, 'instance'],
      [`${thing}?instance=a&instance=b`, 'instance'],
    ])('answers the address %s with 400 and the field', async (path, field) => {
      const response = await fetch(edge.url + path);
      const problem = await problemOf(response);
      expect([response.status, problem.fields?.map(({ path: each }) => each)]).toEqual([
        400,
        expect.arrayContaining([field]),
      ]);
    });

    it('answers an address that cannot be decoded with 4xx', async () => {
      for (const path of ['/api/things/%zz', '/%zz', '/api/things/%ff']) {
        const { status } = await fetch(edge.url + path);
        expect([path, status >= 400 && status < 500]).toEqual([path, true]);
      }
    });

    it('answers a body above 1 MiB with 413, and one that is not JSON with 400', async () => {
      const large = await post('/api/things', { name: 'x'.repeat(1_100_000), quantity: 1 });
      expect([large.status, (await problemOf(large)).code]).toEqual([413, 'body-too-large']);
      const form = await post('/api/things', 'name=a', {
        'content-type': 'application/x-www-form-urlencoded',
      });
      expect([form.status, (await problemOf(form)).code]).toEqual([400, 'invalid-input']);
    });

    it('asks for an Idempotency-Key where one is needed, and for a good one', async () => {
      const body = JSON.stringify({ name: 'a', quantity: 1 });
      const missing = await fetch(`${edge.url}/api/things`, { method: 'POST', headers: json, body });
      expect(await problemOf(missing)).toMatchObject({ status: 400, code: 'idempotency-key-missing' });
      const bad = await problemOf(await post('/api/things', body, { 'idempotency-key': 'short' }));
      expect(bad).toMatchObject({
        status: 400,
        code: 'invalid-input',
        fields: [{ path: 'Idempotency-Key' }],
      });
    });
  });

  it('hides what a fault in the program was, and gives the id of the request', async () => {
    const response = await fetch(`${edge.url}/api/things/fault`, {
      headers: { 'x-request-id': 'my-request-1' },
    });
    const text = await response.clone().text();
    expect(await problemOf(response)).toMatchObject({
      status: 500,
      code: 'internal-error',
      requestId: 'my-request-1',
    });
    expect(text).not.toContain('secret');
    expect(response.headers.get('x-request-id')).toBe('my-request-1');
  });

  it('says 404 for what is not there, and 503 when a service is not there', async () => {
    expect(await problemOf(await fetch(`${edge.url}/api/nothing`))).toMatchObject({
      status: 404,
      code: 'not-found',
    });
    expect(await problemOf(await post('/api/nothing', {}))).toMatchObject({ status: 404, code: 'not-found' });
    const away = await fetch(`${edge.url}/api/hubs?instance=valley`);
    expect([away.status, away.headers.get('retry-after')]).toEqual([503, '1']);
  });

  describe('knows who is asking', () => {
    const callerOf = async (init: RequestInit = {}, query = '') =>
      (
        (await (await fetch(`${edge.url}${thing}${query}`, init)).json()) as {
          caller: { kind: string; instance: { id: string } };
        }
      ).caller;

    it('as a visitor of no instance, or of the one in the address', async () => {
      expect(await callerOf()).toMatchObject({ kind: 'anonymous', instance: { currency: 'XXX' } });
      expect(await callerOf({}, '?instance=valley')).toMatchObject({
        kind: 'anonymous',
        instance: { id: instance.id },
      });
      const unknown = await fetch(`${edge.url}${thing}?instance=nowhere`);
      expect(unknown.status).toBe(404);
    });

    it('by session, asking admin once', async () => {
      const before = admin.resolved;
      for (let i = 0; i < 10; i++)
        expect(await callerOf({ headers: { cookie } })).toMatchObject({ kind: 'person' });
      expect(admin.resolved - before).toBeLessThanOrEqual(1);
    });

    it('by API token, and by nothing else in that header', async () => {
      expect(await callerOf({ headers: { authorization: `Bearer ${apiToken}` } })).toMatchObject({
        kind: 'person',
      });
      for (const authorization of ['Bearer nonsense', `Bearer fs_${'x'.repeat(43)}`, 'Basic YTpi']) {
        expect((await fetch(edge.url + thing, { headers: { authorization } })).status).toBe(401);
      }
    });

    it('as a visitor when the session has ended, whose cookie is then removed', async () => {
      const stale = `foodshed_session=${'z'.repeat(43)}`;
      const response = await fetch(edge.url + thing, { headers: { cookie: stale } });
      expect(response.headers.get('set-cookie')).toContain('Max-Age=0');
      expect(await response.json()).toMatchObject({ caller: { kind: 'anonymous' } });
    });

    it('for as long as the session is used, since the cookie goes on with it', async () => {
      const asked = await fetch(`${edge.url}/api/session`, { headers: { cookie } });
      const [, secret, seconds] =
        /^(foodshed_session=[^;]+);.*HttpOnly.*Max-Age=(\d+)/.exec(asked.headers.get('set-cookie') ?? '') ??
        [];
      expect(secret).toBe(cookie);
      expect(Number(seconds)).toBeGreaterThan(86_000);
      const byToken = await fetch(`${edge.url}/api/session`, {
        headers: { authorization: `Bearer ${apiToken}` },
      });
      expect(byToken.headers.get('set-cookie')).toBeNull();
    });

    it('from signing in until signing out', async () => {
      const wrong = await post('/api/session', { email: 'anna@example.org', password: 'wrong password' });
      expect(wrong.status).toBe(401);
      const signedIn = await post('/api/session', { email: 'anna@example.org', password: 'right password' });
      const set = signedIn.headers.get('set-cookie') ?? '';
      expect([signedIn.status, set]).toEqual([
        200,
        expect.stringMatching(/HttpOnly; SameSite=Lax; Max-Age=\d+/),
      ]);
      expect(await signedIn.clone().text()).not.toContain(sessionToken);
      const own = set.split(';')[0]!;
      expect((await fetch(`${edge.url}/api/session`, { headers: { cookie: own } })).status).toBe(200);
      const out = await fetch(`${edge.url}/api/session`, { method: 'DELETE', headers: { cookie: own } });
      expect([out.status, out.headers.get('set-cookie')]).toEqual([
        204,
        expect.stringContaining('Max-Age=0'),
      ]);
      expect((await fetch(`${edge.url}/api/session`, { headers: { cookie: own } })).status).toBe(401);
      admin.ended.clear();
    });
  });

  describe('on every replica', () => {
    let second: string;
    beforeAll(async () => {
      second = await edge.replica();
    });
    const statusAt = async (url: string) =>
      (await fetch(`${url}/api/session`, { headers: { cookie } })).status;

    it('notices at once that a session has ended', async () => {
      admin.ended.clear();
      expect([await statusAt(edge.url), await statusAt(second)]).toEqual([200, 200]);
      await fetch(`${edge.url}/api/session`, { method: 'DELETE', headers: { cookie } });
      await eventually(async () => expect(await statusAt(second)).toBe(401), { timeoutMs: 2_000 });
      admin.ended.clear();
    });

    it('notices that rights have changed, and lets only admin and hubs say so', async () => {
      const told = { personIds: [personId] };
      const askedAfter = async (user: string, subject: string) => {
        await statusAt(second);
        const before = admin.resolved;
        await edge.publish(user, subject, told);
        await new Promise((resolve) => setTimeout(resolve, 100));
        await statusAt(second);
        return admin.resolved > before;
      };
      const { byAdmin, byHubs } = callersChanged;
      expect(await askedAfter('hubs', byHubs.subject)).toBe(true);
      expect(await askedAfter('admin', byAdmin.subject)).toBe(true);
      for (const subject of [byAdmin.subject, byHubs.subject])
        expect(await askedAfter('orders', subject)).toBe(false);
    });

    it('takes no answer that was under way when the session ended', async () => {
      const callers = edge.gateway.app.get(Callers);
      callers.forgetEverybody();
      admin.resolveMs = 200;
      const early = statusAt(edge.url);
      await eventually(() => expect(admin.resolving).toBeGreaterThan(0));
      admin.ended.add(sessionToken);
      callers.forgetPeople([personId]);
      admin.resolveMs = 0;
      expect(await statusAt(edge.url)).toBe(401);
      expect(await early).toBe(200);
      expect(await statusAt(edge.url)).toBe(401);
      admin.ended.clear();
    });
  });

  it.each([
    ['another site, by the browser’s word', { 'sec-fetch-site': 'cross-site' }, 403],
    ['a sibling site', { 'sec-fetch-site': 'same-site' }, 403],
    ['another origin', { origin: 'https://elsewhere.example' }, 403],
    ['a sandboxed page', { origin: 'null' }, 403],
    ['the site itself', { 'sec-fetch-site': 'same-origin' }, 201],
    ['a program', {}, 201],
  ])('answers an unsafe request from %s as it should', async (_case, headers, status) => {
    const response = await post('/api/things', { name: 'a', quantity: 1 }, { cookie, ...headers } as Record<
      string,
      string
    >);
    expect(response.status).toBe(status);
  });

  it('answers 304 to whoever has the newest already', async () => {
    const first = await fetch(edge.url + thing);
    const etag = first.headers.get('etag')!;
    const again = await fetch(edge.url + thing, { headers: { 'if-none-match': `"other", ${etag}` } });
    expect([again.status, await again.text()]).toEqual([304, '']);
    expect((await fetch(edge.url + thing, { headers: { 'if-none-match': '"other"' } })).status).toBe(200);
  });

  it('serves the web application: hashed files for ever, its page for every path, no inline script', async () => {
    const asset = await fetch(`${edge.url}/assets/app-1a2b3c.js`);
    expect([asset.status, asset.headers.get('cache-control')]).toEqual([
      200,
      expect.stringContaining('immutable'),
    ]);
    for (const path of ['/', '/shop/anything?x=1']) {
      const page = await fetch(edge.url + path);
      expect([page.status, page.headers.get('cache-control')]).toEqual([200, 'public, no-cache']);
      const policy = page.headers.get('content-security-policy') ?? '';
      expect(policy).toContain("script-src 'self';");
      expect(await page.text()).toContain('Foodshed');
    }
    expect((await fetch(`${edge.url}/assets/missing.js`)).status).toBe(404);
    const outside = await fetch(`${edge.url}/..%2f..%2fetc/passwd`);
    expect(await outside.text()).not.toContain('root:');
  });

  it('documents every route in OpenAPI 3.1, with a page that runs no inline script', async () => {
    const text = await (await fetch(`${edge.url}/api/openapi.json`)).text();
    const document = JSON.parse(text) as {
      openapi: string;
      paths: object;
      components: Record<string, object>;
    };
    expect(document.openapi).toBe('3.1.0');
    expect(Object.keys(document.paths)).toEqual(
      expect.arrayContaining(['/api/orders', '/api/session', '/api/dashboard/live']),
    );
    const references = [...text.matchAll(/"\$ref":\s*"#\/components\/(\w+)\/(\w+)"/g)];
    const named = references.filter(([, kind, name]) => name! in (document.components[kind!] ?? {}));
    expect(named.length).toBe([...text.matchAll(/"\$ref"/g)].length);
    expect(named.length).toBeGreaterThan(100);
    const page = await (await fetch(`${edge.url}/api/docs`)).text();
    expect(page).not.toMatch(/<script(?![^>]*\ssrc=)/);
    for (const [, path] of page.matchAll(/(?:src|href)="([^"]+)"/g))
      expect((await fetch(edge.url + path)).status).toBe(200);
  });

  describe('streams the dashboard', () => {
    const read = async (
      headers: Record<string, string>,
      until: (text: string) => boolean,
    ): Promise<string> => {
      const response = await fetch(`${edge.url}/api/dashboard/live`, { headers });
      expect(response.status).toBe(200);
      let text = '';
      for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
        text += chunk;
        if (until(text)) break;
      }
      return text;
    };

    it('to those who may see it', async () => {
      expect((await fetch(`${edge.url}/api/dashboard/live?instance=valley`)).status).toBe(401);
      expect((await fetch(`${edge.url}/api/dashboard/live`)).status).toBe(401);
    });

    it('as a snapshot and then what changes in their instance, by sequence', async () => {
      const reading = read({ cookie }, (text) => text.includes('id: 9\n'));
      await new Promise((resolve) => setTimeout(resolve, 300));
      await edge.changed(newId(), 8);
      await edge.changed(instance.id, 8);
      await edge.changed(instance.id, 8);
      await edge.changed(instance.id, 9);
      const text = await reading;
      expect(text.match(/event: \S+\nid: \d+/g)).toEqual([
        'event: snapshot\nid: 7',
        'event: dashboard-changed\nid: 8',
        'event: dashboard-changed\nid: 9',
      ]);
    });

    it('and forgets a browser that left while its snapshot was made', async () => {
      const changes = edge.gateway.app.get(LiveChanges);
      await eventually(() => expect(changes.streamCount).toBe(0));
      admin.dashboardMs = 400;
      const leaving = new AbortController();
      const asked = fetch(`${edge.url}/api/dashboard/live`, { headers: { cookie }, signal: leaving.signal });
      asked.catch((error: Error) => expect(error.name).toBe('AbortError'));
      await eventually(() => expect(changes.streamCount).toBe(1));
      leaving.abort();
      await eventually(() => expect(changes.streamCount).toBe(0));
      admin.dashboardMs = 0;
    }, 20_000);

    it('without the snapshot to a browser that has the newest', async () => {
      const reading = read({ cookie, 'last-event-id': '7' }, (text) => text.includes('id: 10\n'));
      await new Promise((resolve) => setTimeout(resolve, 300));
      await edge.changed(instance.id, 10);
      expect(await reading).not.toContain('snapshot');
    });
  });
});

describe('The HTTP edge under limits', () => {
  let nats: TestNats;

  beforeEach(async () => {
    nats = await testNats();
  }, 60_000);
  afterEach(() => nats.close());

  it('ends a stream with its token', async () => {
    admin.tokenSeconds = 2;
    const edge = await startEdge(nats);
    const response = await fetch(`${edge.url}/api/dashboard/live`, {
      headers: { authorization: `Bearer ${apiToken}` },
    });
    const text = await response.text();
    expect(text).toContain('snapshot');
    admin.tokenSeconds = 600;
    await edge.close();
  }, 40_000);

  it('answers 429 with a time to wait to whoever asks too often, and not to others', async () => {
    const edge = await startEdge(nats, { RATE_LIMIT_ANONYMOUS: '60', RATE_LIMIT_SIGN_IN: '12' });
    const statuses = [];
    for (let i = 0; i < 25; i++) statuses.push((await fetch(`${edge.url}/api/nothing`)).status);
    expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(3);
    const refused = await fetch(`${edge.url}/api/nothing`);
    if (refused.status === 429) expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    const program = await fetch(`${edge.url}/api/session`, {
      headers: { authorization: `Bearer ${apiToken}` },
    });
    expect(program.status).toBe(200);
    await edge.close();
  }, 40_000);

  it('stops while browsers look', async () => {
    const edge = await startEdge(nats);
    const response = await fetch(`${edge.url}/api/dashboard/live`, {
      headers: { authorization: `Bearer ${apiToken}` },
    });
    const started = Date.now();
    await Promise.all([edge.close(), response.text()]);
    expect(Date.now() - started).toBeLessThan(5_000);
  }, 40_000);
});
