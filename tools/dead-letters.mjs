import { runningEnvironment } from './environment.mjs';
import { Failure, reportFailure } from './infrastructure/failure.mjs';
import { TOOLS_USER } from './infrastructure/secrets.mjs';

const USAGE =
  'Use `npm run dead-letters`, `npm run dead-letters -- show 3`, or `npm run dead-letters -- replay 3` (or `replay all`).';

/** Lists the events that a consumer gave up on, shows one, or hands them out again. */
async function main([command = 'list', which]) {
  const { connect } = await import('@nats-io/transport-node');
  const { listDeadLetters, replayDeadLetter } = await import('@foodshed/platform');
  const { NATS_URL, NATS_USER, NATS_PASSWORD } = runningEnvironment(TOOLS_USER);
  const connection = await connect({ servers: NATS_URL, user: NATS_USER, pass: NATS_PASSWORD });
  try {
    const letters = await listDeadLetters(connection);
    if (command === 'list') return list(letters);
    const chosen = which === 'all' ? letters : letters.filter(({ sequence }) => sequence === Number(which));
    if (chosen.length === 0) throw new Failure(`There is no dead letter ${which ?? ''}: ${USAGE}`);
    if (command === 'show') return console.log(JSON.stringify(chosen, null, 2));
    if (command !== 'replay') throw new Failure(USAGE);
    for (const { sequence } of chosen) {
      console.log(`${sequence}: event ${await replayDeadLetter(connection, sequence)} was published again`);
    }
  } finally {
    await connection.close();
  }
}

function list(letters) {
  for (const { sequence, failedAt, consumer, event, reason } of letters) {
    console.log(
      `${sequence}  ${failedAt}  ${consumer}  ${event.subject} ${event.id}  ${reason.code}: ${reason.detail}`,
    );
  }
  console.log(`${letters.length} dead letters`);
}

main(process.argv.slice(2)).catch((error) => {
  process.exitCode = reportFailure(error);
});
