import { randomUUID } from 'node:crypto';
import { sharedSystem, testingConfig } from '@foodshed/testing';
import type { Body } from './bad-input/body.js';
import { contributionsBodies } from './bad-input/contributions.bodies.js';
import { developersBodies } from './bad-input/developers.bodies.js';
import { marketBodies } from './bad-input/market.bodies.js';
import { mutationsOf, type Mutation } from './bad-input/mutations.js';
import { payoutsBodies } from './bad-input/payouts.bodies.js';
import { peopleBodies } from './bad-input/people.bodies.js';
import { webhooksBodies } from './bad-input/webhooks.bodies.js';
import type { World } from './roles/row.js';
import { buildWorld } from './roles/world.js';

/** Bodies are mutated the same way again for the same seed, which is in each test's title. */
const seed = Date.now() % 2 ** 31;
const count = testingConfig.isLong ? 1_000 : 50;
const AT_ONCE = 8;
const bodies: Readonly<Record<string, Body>> = {
  // First: they order what other bodies rename.
  ...payoutsBodies,
  ...peopleBodies,
  ...marketBodies,
  ...developersBodies,
  ...webhooksBodies,
  ...contributionsBodies,
};
/** Routes with a body that nobody reads. */
const withoutFields = [
  'POST /introductions/{id}/acceptance',
  'POST /introductions/{id}/refusal',
  'POST /network-models/{version}/approval',
  'POST /orders/{orderId}/cancellation',
  'POST /orders/{orderId}/fulfilment',
  'POST /pitches/{pitchId}/withdrawal',
  'POST /pledges/{pledgeId}/withdrawal',
  'POST /gifts/{giftId}/withdrawal',
  'POST /payout-runs',
];

interface Problem {
  readonly code?: string;
  readonly fields?: readonly { path: string }[];
}

let world: World;
beforeAll(async () => {
  world = await buildWorld(await sharedSystem());
}, 240_000);

/** What is wrong with the answer to a mutation, or nothing. */
function fault(status: number, problem: Problem, { schema }: Body, mutation: Mutation): string | undefined {
  if (status >= 500) return `answered ${status}`;
  const parsed = schema.safeParse(mutation.body);
  if (mutation.isForeign && status < 400) return `took what is nobody's, with ${status}`;
  if (parsed.success && !['NUL', 'a lone surrogate'].includes(mutation.kind)) return undefined;
  if (status === 413 && mutation.kind === 'a string of 1 MiB') return undefined;
  if (status < 400) return `was accepted with ${status}`;
  if (status === 401 || status === 403) return `was refused with ${status}, not for the field`;
  const named = (problem.fields ?? []).map(({ path }) => path);
  const wrong = [mutation.path, ...(parsed.error?.issues ?? []).map((issue) => pathOf(issue))];
  return named.some((path) => wrong.includes(path))
    ? undefined
    : `named ${JSON.stringify(named)}, not ${wrong[0]}`;
}

function pathOf(issue: { code?: string; path: PropertyKey[]; keys?: string[] }): string {
  const keys = issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys?.[0] ?? ''] : issue.path;
  return keys.map(String).join('.');
}

async function faultsOf(route: string, body: Body): Promise<string[]> {
  const valid = await body.call(world);
  expect(body.schema.safeParse(valid.body).error?.issues).toBeUndefined();
  const method = route.split(' ')[0] ?? 'POST';
  const mutations = mutationsOf(valid.body, { seed, count }).filter(
    (mutation) => !body.isShared || !body.schema.safeParse(mutation.body).success,
  );
  const faults: string[] = [];
  const next = async (): Promise<void> => {
    for (let mutation = mutations.pop(); mutation; mutation = mutations.pop()) {
      const client = body.as === 'anonymous' ? world.network.visitor() : world.clients[body.as];
      const { status, body: problem } = await client.send<Problem>(method, valid.path, {
        body: mutation.body,
        idempotencyKey: randomUUID(),
      });
      const found = fault(status, problem, body, mutation);
      if (found) faults.push(`${mutation.path} (${mutation.kind}) ${found}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, next));
  return faults;
}

describe(`Bad input, ${count} mutations of a valid body for each route`, () => {
  it.each(Object.entries(bodies))(
    `%s answers 4xx that names the field (seed ${seed})`,
    async (route, body) => {
      expect(await faultsOf(route, body)).toEqual([]);
    },
    testingConfig.isLong ? 600_000 : 60_000,
  );

  it('is sent to every route that takes a body', async () => {
    const { body } = await world.clients.anonymous.send<{
      paths: Record<string, Record<string, { requestBody?: object }>>;
    }>('GET', '/openapi.json');
    const routes = Object.entries(body.paths).flatMap(([path, methods]) =>
      Object.entries(methods)
        .filter(([, operation]) => operation.requestBody)
        .map(([method]) => `${method.toUpperCase()} ${path.replace(/^\/api/, '')}`),
    );
    expect(routes.length).toBeGreaterThan(25);
    expect(routes.filter((route) => !(route in bodies))).toEqual([]);
    expect([...Object.keys(bodies)].filter((route) => !routes.includes(route))).toEqual([]);
    expect(withoutFields.filter((route) => routes.includes(route))).toEqual([]);
  });
});
