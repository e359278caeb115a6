export { describeInBrowser } from './browser.js';
export { emptyDatabase, testDatabase, type TestDatabase } from './database.js';
export { eventually } from './eventually.js';
export { askHost } from './host.js';
export { accountOf, commandOf, entryOf, keyFor } from './postings.js';
export {
  ownRedis,
  testNats,
  testRedis,
  type ServerControl,
  type TestNats,
  type TestRedis,
} from './servers.js';
export {
  repositoryRoot,
  RunningSystem,
  sharedSystem,
  startSystem,
  type SystemOptions,
  type SystemServer,
  type SystemService,
} from './system.js';
export { testingConfig } from './testing.config.js';
export { WebhookReceiver, type ReceivedWebhook } from './webhook-receiver.js';
