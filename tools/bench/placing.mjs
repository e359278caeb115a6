import { middleOf } from './figures.mjs';
import { perOrder, runLoad } from './load-process.mjs';

const CLIENTS = [8, 32];
const WARM_SECONDS = 4;

/**
 * Measures placing over HTTP with 8 and 32 clients, taking turns with the database's limit; of each the middle round
 * counts. Nothing is paid, so only orders and those who listen to `placed` work.
 */
export async function measurePlacing({ options, limit, system, log }) {
  const { seconds, rounds } = options;
  const limits = [];
  const runs = new Map(CLIENTS.map((clients) => [clients, []]));
  for (let round = 0; round < rounds; round += 1) {
    limits.push(await limit());
    for (const clients of CLIENTS) {
      const { baseUrls, network, pids, postgresUrl } = system;
      const job = { ...network, baseUrls, clients, seconds, warmSeconds: WARM_SECONDS, pays: false };
      const result = await runLoad({ job, pids, postgresUrl });
      if (Object.keys(result.refused).length > 0) log(`refused: ${JSON.stringify(result.refused)}`);
      runs.get(clients).push({
        ...result,
        clients,
        cpu: perOrder(result.cpu, result.count),
        inPostgres: perOrder(result.inPostgres, result.count),
      });
    }
  }
  return { limit: middleOf(limits), runs: CLIENTS.map((clients) => middleOf(runs.get(clients))) };
}
