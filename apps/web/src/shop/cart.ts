import { useSyncExternalStore } from 'react';

/** What the buyer saw when they chose it: the order is refused with `price-changed` when that is no longer true. */
export interface CartLine {
  variantId: string;
  name: string;
  unit: string;
  producerName: string;
  quantity: number;
  unitPriceMinor: number;
}

export interface Cart {
  hubId: string;
  hubName: string;
  cycleId: string;
  currency: string;
  lines: CartLine[];
  /** Kept until the order is placed, so that a lost answer and a second press place one order. */
  idempotencyKey: string;
}

const storageKey = 'foodshed.cart';
const empty: Cart = { hubId: '', hubName: '', cycleId: '', currency: '', lines: [], idempotencyKey: '' };
const listeners = new Set<() => void>();

function read(): Cart {
  const stored = localStorage.getItem(storageKey);
  if (!stored) return empty;
  try {
    const cart = JSON.parse(stored) as Cart;
    return Array.isArray(cart.lines) ? cart : empty;
  } catch {
    // A basket that cannot be read any more is an empty one; nothing was ordered with it.
    localStorage.removeItem(storageKey);
    return empty;
  }
}

let current = read();

function write(cart: Cart): void {
  current = cart;
  if (cart.lines.length === 0) localStorage.removeItem(storageKey);
  else localStorage.setItem(storageKey, JSON.stringify(cart));
  for (const listener of listeners) listener();
}

window.addEventListener('storage', (event) => {
  if (event.key !== storageKey) return;
  current = read();
  for (const listener of listeners) listener();
});

/** The basket of this browser: one hub's open cycle at a time, shared between tabs. */
export function useCart(): Cart {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => current,
  );
}

/** Sets how many of a line are wanted; 0 takes it out. Another hub's or cycle's basket is replaced. */
export function setQuantity(shop: Omit<Cart, 'lines' | 'idempotencyKey'>, line: CartLine): void {
  const same = current.cycleId === shop.cycleId;
  const others = same ? current.lines.filter((other) => other.variantId !== line.variantId) : [];
  const lines = line.quantity > 0 ? [...others, line] : others;
  write({ ...shop, lines, idempotencyKey: crypto.randomUUID() });
}

export function emptyCart(): void {
  write(empty);
}
