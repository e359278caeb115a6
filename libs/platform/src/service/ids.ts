import { randomFillSync } from 'node:crypto';

const RANDOM_BYTES = 8;
const IDS_PER_MILLISECOND = 0x1000;
/** Random bytes are drawn for many ids at once: drawing them costs more than all the rest. */
const pool = Buffer.alloc(RANDOM_BYTES * 1024);
let used = pool.length;
let lastMs = 0;
let counter = 0;

/**
 * A new UUIDv7: unique, and greater than every id this process made before (RFC 9562, 6.2, method 1: the
 * twelve bits after the version count within a millisecond), so that changes of one moment keep their order.
 */
export function newId(): string {
  const now = Date.now();
  counter++;
  if (now > lastMs) {
    lastMs = now;
    counter = 0;
  } else if (counter === IDS_PER_MILLISECOND) {
    lastMs++;
    counter = 0;
  }
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const time = lastMs.toString(16).padStart(12, '0');
  const count = counter.toString(16).padStart(3, '0');
  const random = pool.toString('hex', used, used + RANDOM_BYTES);
  used += RANDOM_BYTES;
  // The version's digit is 7, the variant's one of 8, 9, a, b.
  const variant = '89ab'[Number.parseInt(random[0] ?? '0', 16) & 3];
  return `${time.slice(0, 8)}-${time.slice(8)}-7${count}-${variant}${random.slice(1, 4)}-${random.slice(4)}`;
}
