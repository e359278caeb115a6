import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CallContext, networkModel } from '@foodshed/contracts';
import { Clock, newId, Outbox } from '@foodshed/platform';
import { repositoryRoot, testDatabase, type TestDatabase } from '@foodshed/testing';
import { parse } from 'yaml';
import { CreateCommission1763690500000 } from '../migrations/1763690500000-create-commission.js';
import { concernsOf } from './approval.rules.js';
import { ModelService } from './model.service.js';

const demo = readFileSync(join(repositoryRoot(), 'tools/demo/network-model.yaml'), 'utf8');
const [producers, hubs] = [newId(), newId()];
const speakers = `
approval:
  noticeDays: 14
  speakers:
    the producers' assembly: [${producers}]
    the hubs' circle: [${hubs}]
`;
const agreed = demo + speakers;
const cheaper = agreed.replaceAll('8.1 %', '7 %');
const DAY_MS = 86_400_000;

describe('A version of the network model', () => {
  let db: TestDatabase;
  let models: ModelService;
  let instanceId: string;
  const clock = new Clock();

  beforeAll(async () => {
    db = await testDatabase('commission', [CreateCommission1763690500000]);
    models = new ModelService(db.database, new Outbox(clock), clock);
  }, 60_000);
  afterAll(() => db?.close());
  beforeEach(() => {
    instanceId = newId();
  });

  const as = (personId = newId(), roles: ('steward' | 'operator')[] = []): CallContext => ({
    requestId: 'spec',
    token: '',
    caller: {
      kind: 'person',
      personId,
      instance: { id: instanceId, currency: 'EUR', timeZone: 'Europe/Vienna' },
      roles,
      enterpriseIds: [],
    },
  });
  const steward = () => as(newId(), ['steward']);
  const told = () =>
    db.database.queryIn<{ count: number }>(
      instanceId,
      `select count(*)::int as count from outbox where instance_id = $1`,
      [instanceId],
    );
  /** An instance whose model, with speakers and a notice of 14 days, is approved by all of them. */
  const withSpeakers = async (): Promise<void> => {
    await models.upload({ source: agreed }, steward());
    await models.approve({ version: 1 }, as(producers));
    await models.approve({ version: 1 }, as(hubs));
  };

  it('is in force at once where the stewards of the instance speak for everybody, and who did is kept', async () => {
    const who = steward();
    expect(await models.upload({ source: demo }, who)).toMatchObject({ version: 1, state: 'in-force' });
    const { approvals } = await models.get({}, who);
    expect(approvals).toMatchObject({ awaited: [], mayApprove: false, noticeDays: 0 });
    expect(approvals.given.map((each) => each.steward)).toContain("the producers' assembly");
    const { personId } = who.caller as { personId: string };
    expect(new Set(approvals.given.map((each) => each.personId))).toEqual(new Set([personId]));
    const seen = await models.get({}, as());
    expect(new Set(seen.approvals.given.map((each) => each.personId))).toEqual(new Set([null]));
  });

  it('waits for those whom the model names, and takes effect with the last of them', async () => {
    expect(await models.upload({ source: agreed }, steward())).toMatchObject({ state: 'proposed' });
    await expect(models.get({}, as())).rejects.toMatchObject({ code: 'not-found' });
    const { approvals } = await models.get({ version: 1 }, as(producers));
    expect(approvals.mayApprove).toBe(true);
    expect(approvals.awaited.map((each) => each.functionId).sort()).toEqual([
      'finding-customers',
      'hosting',
      'producing',
    ]);
    await expect(models.approve({ version: 1 }, as())).rejects.toMatchObject({ code: 'forbidden' });
    await expect(models.approve({ version: 9 }, as())).rejects.toMatchObject({ code: 'not-found' });
    expect(await models.approve({ version: 1 }, as(producers))).toMatchObject({ state: 'proposed' });
    expect(await models.approve({ version: 1 }, as(producers))).toMatchObject({ state: 'proposed' });
    expect(await told()).toEqual([{ count: 0 }]);
    expect(await models.approve({ version: 1 }, as(hubs))).toMatchObject({ state: 'in-force' });
    expect(await models.approve({ version: 1 }, as(hubs))).toMatchObject({ state: 'in-force' });
    expect(await told()).toEqual([{ count: 1 }]);
  });

  it('gives the notice that the version before it promised, from the last approval on', async () => {
    await withSpeakers();
    const early = models.upload(
      { source: cheaper, takesEffectAt: new Date(Date.now() + DAY_MS).toISOString() },
      steward(),
    );
    await expect(early).rejects.toMatchObject({
      options: { fields: [{ path: 'takesEffectAt', message: expect.stringMatching(/notice/) as string }] },
    });
    const proposed = await models.upload({ source: cheaper }, steward());
    expect(proposed).toMatchObject({ version: 2, state: 'proposed' });
    const before = Date.now();
    const approved = await models.approve({ version: 2 }, as(producers));
    expect(approved.state).toBe('coming');
    const notice = Date.parse(approved.takesEffectAt) - before;
    expect(notice).toBeGreaterThanOrEqual(14 * DAY_MS);
    expect(notice).toBeLessThan(14 * DAY_MS + 60_000);
    expect(await models.get({}, as())).toMatchObject({ version: 1, state: 'in-force' });
  });

  it('is overtaken by a later one that was approved first', async () => {
    await withSpeakers();
    await models.upload({ source: cheaper }, steward());
    await models.upload({ source: agreed.replaceAll('8.1 %', '6 %') }, steward());
    await models.approve({ version: 3 }, as(producers));
    await expect(models.approve({ version: 2 }, as(producers))).rejects.toMatchObject({
      code: 'invalid-state',
    });
    const { items } = await models.list({ limit: 10 }, as());
    expect(items.map(({ version, state }) => [version, state])).toEqual([
      [3, 'coming'],
      [2, 'overtaken'],
      [1, 'in-force'],
    ]);
  });

  it('cannot name itself other speakers', async () => {
    await withSpeakers();
    const stranger = newId();
    const source = agreed.replace(producers, stranger);
    expect(await models.upload({ source }, steward())).toMatchObject({ state: 'proposed' });
    await expect(models.approve({ version: 2 }, as(stranger))).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('is approved once, however many approve at the same time', async () => {
    await models.upload({ source: agreed }, steward());
    await Promise.all(
      [producers, hubs, producers, hubs].map((who) => models.approve({ version: 1 }, as(who))),
    );
    expect(await told()).toEqual([{ count: 1 }]);
  });
});

describe('concernsOf', () => {
  const model = networkModel.parse(parse(demo));
  const concerned = (source: string) =>
    concernsOf(networkModel.parse(parse(source)), model).map(({ functionId }) => functionId);

  test.each<[string, string, string[]]>([
    ['nothing', demo, []],
    ['keys in another order', demo.replace(/(name: .*\n)([\s\S]*)/, '$2$1'), []],
    ['words of a function', demo.replace('moves the money', 'moves money'), ['paying']],
    ['the rate of a share', demo.replace('- rate: 8.1 %', '- rate: 8 %'), ['producing', 'administering']],
    [
      'a flow',
      demo.replace('a share of the proceeds', 'a part of the proceeds'),
      ['producing', 'finding-customers'],
    ],
    [
      'a limit',
      demo.replace('platformMaximum: 12 %', 'platformMaximum: 13 %'),
      ['producing', 'administering'],
    ],
    ['who speaks', `${demo}approval: { noticeDays: 1 }\n`, Object.keys(model.functions)],
  ])('finds whom a change of %s concerns', (_, source, expected) => {
    expect(concerned(source)).toEqual(expected);
  });

  it('asks the present stewards of a function, not those that the new version names', () => {
    const source = demo.replace(
      "stewards: [the producers' assembly]\n    earns: everything",
      'stewards: [me]\n    earns: everything',
    );
    const [producing] = concernsOf(networkModel.parse(parse(source)), model);
    expect(producing).toEqual({ functionId: 'producing', stewards: ["the producers' assembly"] });
  });
});
