import { randomBytes } from 'node:crypto';
import { Agent, request } from 'node:http';
import { summaryOf } from './figures.mjs';

// A process of its own, so that its processor time is known. It is told what to do by one message, places orders (and
// pays them in lists, as the hub's manager does from a bank statement), and answers with one message. While it runs it
// tells how many orders are done, and is told how many reached the ledger.

/** Nothing is paid while more orders than this are paid and not yet in the ledger. */
const PAYMENTS_AHEAD = 1_000;
const PAYMENTS_IN_A_LIST = 50;
const MANAGERS = 2;
/** Clients order nothing more while this many orders wait to be paid. */
const MOST_DUE = 150;
const agent = new Agent({ keepAlive: true, maxSockets: Infinity });
let posted = 0;
const waiting = [];

process.on('message', (message) => {
  if (message.job) {
    run(message.job).then(
      (result) => process.send({ result }, () => process.exit(0)),
      (error) => process.send({ error: error.message }, () => process.exit(1)),
    );
  } else if (message.posted !== undefined) {
    posted = message.posted;
    for (const wake of waiting.splice(0)) wake();
  }
});

async function run(job) {
  const state = { done: 0, due: [], latencies: [], refused: {}, isMeasuring: false, isOver: false };
  const clients = Array.from({ length: job.clients }, (_, index) => client(job, state, index));
  if (job.pays) clients.push(...Array.from({ length: MANAGERS }, () => manager(job, state)));
  await delay(job.warmSeconds * 1_000);
  process.send({ begin: { done: state.done } });
  const [cpu, started, before] = [process.cpuUsage(), performance.now(), state.done];
  state.isMeasuring = true;
  const telling = setInterval(() => process.send({ done: state.done }), 250);
  await delay(job.seconds * 1_000);
  state.isMeasuring = false;
  const elapsedMs = performance.now() - started;
  const { user, system } = process.cpuUsage(cpu);
  const count = state.done - before;
  process.send({ end: { done: state.done } });
  state.isOver = true;
  for (const wake of waiting.splice(0)) wake();
  await Promise.all(clients);
  clearInterval(telling);
  return {
    ...summaryOf(state.latencies),
    count,
    done: state.done,
    perSecond: (count / elapsedMs) * 1_000,
    cpuMs: (user + system) / 1_000,
    refused: state.refused,
  };
}

/** One client: the next order once the last is answered; in the sustained test no faster than orders are paid. */
async function client(job, state, index) {
  const url = new URL(job.baseUrls[index % job.baseUrls.length]);
  const token = job.buyers[index % job.buyers.length];
  while (!state.isOver) {
    const placed = await timed(state, () => post(url, '/api/orders', token, orderBody(job)));
    if (!placed) continue;
    if (!job.pays) state.done += 1;
    else state.due.push(placed);
    while (state.due.length > MOST_DUE && !state.isOver) await delay(5);
  }
}

/** The hub's manager: records what is due in lists, each order once; never too far ahead of the ledger. */
async function manager(job, state) {
  const url = new URL(job.baseUrls[0]);
  while (!state.isOver) {
    if (state.done - posted > PAYMENTS_AHEAD) await new Promise((resolve) => waiting.push(resolve));
    const list = state.due.splice(0, PAYMENTS_IN_A_LIST);
    if (list.length === 0) await delay(5);
    else await payAll(job, state, { url, list });
  }
}

async function payAll(job, state, { url, list }) {
  const payments = list.map(({ orderId, totalMinor }) => ({
    orderId,
    method: 'bank-transfer',
    amountMinor: totalMinor,
  }));
  const { status, body } = await post(
    url,
    `/api/hubs/${job.hubId}/payments`,
    job.manager,
    JSON.stringify({ payments }),
  );
  const refused =
    status < 300
      ? body.outcomes.filter(({ outcome }) => outcome === 'refused').map(({ problem }) => problem)
      : list.map(() => ({ status, code: body.code }));
  for (const problem of refused) countRefusal(state, problem);
  state.done += list.length - refused.length;
}

async function timed(state, ask) {
  const before = performance.now();
  const { status, body } = await ask();
  if (state.isMeasuring) state.latencies.push(performance.now() - before);
  if (status < 300) return body;
  countRefusal(state, { status, code: body.code });
  return undefined;
}

function countRefusal(state, { status, code }) {
  const what = `${status} ${code ?? ''}`;
  state.refused[what] = (state.refused[what] ?? 0) + 1;
}

/** Five lines of two producers. */
function orderBody({ cycleId, items: [first, second] }) {
  const lines = [...some(first, 3), ...some(second, 2)].map((item) => ({ ...item, quantity: 1 }));
  return JSON.stringify({ cycleId, lines });
}

function some(items, count) {
  const from = Math.floor(Math.random() * (items.length - count));
  return items.slice(from, from + count);
}

function post(url, path, token, body) {
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        agent,
        host: url.hostname,
        port: url.port,
        method: 'POST',
        path,
        headers: {
          authorization: `Bearer ${token}`,
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          'idempotency-key': randomBytes(12).toString('hex'),
        },
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk) => (text += chunk));
        response.on('end', () =>
          resolve({ status: response.statusCode, body: text ? JSON.parse(text) : {} }),
        );
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

function delay(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
