/**
 * Returns what differs between what orders sold, what commission split and what the ledger posted: one line per
 * difference, empty when the books are one. Amounts are minor units, debit positive.
 * @param {{sales: object[], splits: object[], totals: object[], allocate: (total: number, weights: number[]) => number[]}} books
 *   all captures, splits and totals of one instance
 */
export function compareBooks({ sales, splits, totals, allocate }) {
  const expected = new Map();
  const ofOrder = (orderId) => {
    if (!expected.has(orderId))
      expected.set(orderId, { accounts: new Map(), loose: new Map(), findings: [] });
    return expected.get(orderId);
  };
  const splitOf = new Map(splits.map((split) => [keyOf(split, split.standing.producerId), split]));
  for (const sale of sales) {
    const order = ofOrder(sale.orderId);
    add(order.accounts, holderAccount(sale), sale.amountMinor + sale.surplusMinor);
    add(order.loose, `pending ${sale.currency}`, -sale.hubFeeMinor);
    add(order.loose, `buyer-credit ${sale.currency}`, -sale.surplusMinor);
    for (const { producerId, grossMinor } of sale.producers) {
      const split = splitOf.get(keyOf(sale, producerId));
      splitOf.delete(keyOf(sale, producerId));
      checkSplit({ order, sale, split, producerId, grossMinor });
      if (split) addSplit(order.accounts, split, allocate);
    }
  }
  for (const split of splitOf.values()) {
    if (split.standing.grossMinor !== 0)
      ofOrder(split.orderId).findings.push('is split by commission, and orders did not sell it');
  }
  const posted = new Map(totals.map(({ orderId, totals: accounts }) => [orderId, accounts]));
  for (const orderId of posted.keys()) ofOrder(orderId);
  return [...expected].flatMap(([orderId, order]) => {
    checkLedger(order, posted.get(orderId) ?? []);
    return order.findings.map((finding) => `order ${orderId} ${finding}`);
  });
}

function checkSplit({ order, sale, split, producerId, grossMinor }) {
  if (!split) {
    if (grossMinor !== 0)
      order.findings.push(`has ${grossMinor} of producer ${producerId}, and commission has not split it`);
  } else if (split.standing.grossMinor !== grossMinor) {
    order.findings.push(
      `has ${grossMinor} of producer ${producerId}, and commission split ${split.standing.grossMinor}`,
    );
  } else if (split.version !== sale.version) {
    order.findings.push(
      `is at version ${sale.version}, and commission split version ${split.version} for ${producerId}`,
    );
  }
}

/** Adds what a split credits: the producer's rest, each payee's part and the VAT on it. */
function addSplit(accounts, { standing, currency }, allocate) {
  const producer = { owner: { kind: 'enterprise', id: standing.producerId }, purpose: 'pending', currency };
  add(accounts, accountKey(producer), -standing.residualMinor);
  for (const { payees, vatMinor } of standing.shares) {
    const vat = allocate(
      vatMinor,
      payees.map(({ amountMinor }) => amountMinor),
    );
    payees.forEach(({ account, amountMinor }, index) =>
      add(accounts, accountKey(account), -amountMinor - vat[index]),
    );
  }
}

/** Compares an order's accounts. Whose a hub fee or a surplus is, is not said here: one account may have its amount. */
function checkLedger(order, posted) {
  const rest = new Map([...order.accounts].map(([key, amount]) => [key, -amount]));
  let sum = 0;
  for (const { account, amountMinor } of posted) {
    add(rest, accountKey(account), amountMinor);
    sum += amountMinor;
  }
  if (sum !== 0) order.findings.push(`does not sum to zero in the ledger: ${sum}`);
  const different = [...rest].filter(([, amount]) => amount !== 0);
  for (const [kind, amount] of order.loose) {
    if (amount === 0) continue;
    const found = different.findIndex(([key, left]) => key.startsWith(`${kind} `) && left === amount);
    if (found >= 0) different.splice(found, 1);
    else order.findings.push(`lacks ${amount} in ${kind}`);
  }
  for (const [key, amount] of different) order.findings.push(`differs by ${amount} in ${key}`);
}

function keyOf({ orderId, captureId }, producerId) {
  return `${orderId} ${captureId} ${producerId}`;
}

function holderAccount({ holder, currency }) {
  if (holder.kind === 'hub-till') return `till ${currency} enterprise ${holder.hubId}`;
  return `${holder.kind === 'provider' ? 'provider' : 'bank'} ${currency} instance ${holder.instanceId}`;
}

function accountKey({ owner, purpose, currency }) {
  return `${purpose} ${currency} ${owner.kind} ${owner.id}`;
}

function add(map, key, amount) {
  map.set(key, (map.get(key) ?? 0) + amount);
}
