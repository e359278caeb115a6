import type { WantedTick } from '@foodshed/contracts';
import { type DBSchema, type IDBPDatabase, openDB } from 'idb';

/** A tick that was made here and is not answered yet; `refused` says why the server did not take it. */
export interface WaitingTick extends WantedTick {
  producerId: string;
  /** What people call the line: the order's number and the goods. */
  label: string;
  refused?: 'conflict' | 'gone' | 'forbidden';
}

interface Device extends DBSchema {
  /** Answers that are read again without a connection, with the instant they were given. */
  answers: { key: string; value: { at: string; body: unknown } };
  ticks: { key: [producerId: string, orderId: string, lineNumber: number]; value: WaitingTick };
  /** The request of a producer's ticks that is being sent: the same, with the same key, until it is answered. */
  sending: { key: string; value: { idempotencyKey: string; ticks: WantedTick[] } };
}

const ownerKey = 'foodshed.deviceOwner';
const stores = ['answers', 'ticks', 'sending'] as const;
export type Kept = IDBPDatabase<Device>;
let opened: Promise<Kept | null> | undefined;

/** What this browser keeps of the person who is signed in, for when there is no connection; null where it keeps nothing. */
export function device(): Promise<Kept | null> {
  opened ??= openDB<Device>('foodshed', 1, {
    upgrade(database) {
      database.createObjectStore('answers');
      database.createObjectStore('ticks', { keyPath: ['producerId', 'orderId', 'lineNumber'] });
      database.createObjectStore('sending');
    },
    terminated: closeDevice,
    // A browser without storage still shows every page, with a connection.
  }).catch(() => null);
  return opened;
}

/** Opens it anew when it is asked for next. */
export function closeDevice(): void {
  opened = undefined;
}

/** Forgets everything: whoever uses this browser next must not find it. */
export async function forgetDevice(): Promise<void> {
  localStorage.removeItem(ownerKey);
  const transaction = (await device())?.transaction([...stores], 'readwrite');
  if (!transaction) return;
  await Promise.all([...stores.map((name) => transaction.objectStore(name).clear()), transaction.done]);
}

/** Says whose browser this is now; what another person left here is forgotten. */
export async function ownDevice(personId: string): Promise<void> {
  if (localStorage.getItem(ownerKey) === personId) return;
  await forgetDevice();
  localStorage.setItem(ownerKey, personId);
}
