import { startHost } from '../host/host.mjs';

/** Before the first spec: what specs ask for servers, unless the command that runs jest offers one already. */
export default async function setup() {
  if (process.env.FOODSHED_TEST_HOST) return;
  const log = process.env.FOODSHED_TEST_LOG ? (line) => console.error(line) : undefined;
  const host = await startHost({ log });
  globalThis.foodshedTestHost = host;
  process.env.FOODSHED_TEST_HOST = host.url;
}
