/** Every page of the web application, by who looks at it; names in an address stand for what that person has. */
export const PAGES = {
  visitor: [
    '/',
    '/shops',
    '/value-map',
    '/sign-in',
    '/register',
    '/verify-email',
    '/r/:code',
    '/pitches',
    '/pitches/:pitchId',
    '*',
  ],
  buyer: ['/home', '/hubs/:hubId', '/checkout', '/account', '/orders', '/orders/:orderId', '/give/:kind/:id'],
  hub: [
    '/hubs/:hubId/manage/orders',
    '/hubs/:hubId/manage/cycles',
    '/hubs/:hubId/manage/producers',
    '/hubs/:hubId/manage/referrals',
    '/hubs/:hubId/manage/referrals/:linkId/poster',
    '/hubs/:hubId/manage/commission',
    '/enterprises/:enterpriseId/managers',
    '/enterprises/:enterpriseId/webhooks',
  ],
  producer: [
    '/producers/:producerId/orders-to-pack',
    '/producers/:producerId/products',
    '/producers/:producerId/hubs',
    '/producers/:producerId/earnings',
    '/producers/:producerId/referrals',
    '/gifts',
  ],
  developer: ['/pitches/new', '/developing'],
  steward: [
    '/dashboard',
    '/developing/statement',
    '/contributing/statement',
    '/administration',
    '/payouts',
    '/network-model',
    '/people',
    '/webhooks',
    '/webhooks/:webhookId',
  ],
  operator: ['/operations', '/audit'],
};

/** Returns the addresses that the browser's router knows, from its source. */
export function routesOf(source) {
  return [...source.matchAll(/(?:\bpath: |\b(?:page|signedIn)\(\s*)'([^']+)'/g)].map(([, route]) => route);
}

/** Returns a name for a page's picture: `hubs-manage-orders`. */
export function nameOf(route) {
  if (route === '/') return 'start';
  if (route === '*') return 'not-found';
  return route
    .split('/')
    .filter((part) => part)
    .map((part) => (part.startsWith(':') ? 'one' : part))
    .join('-');
}

/** Returns the address of a page for somebody, where names are filled in. @throws Error when one is not known */
export function addressOf(route, known) {
  if (route === '*') return '/nothing-is-here';
  return route.replaceAll(/:(\w+)/g, (_, name) => {
    if (!known[name]) throw new Error(`${route}: nobody here has a ${name}`);
    return known[name];
  });
}

/**
 * Returns what the addresses of somebody's pages need, as the API tells them.
 * @param {string} who a key of PAGES
 * @param {(path: string) => Promise<any>} get reads from the API as that person
 */
export async function placesOf(who, get) {
  const [{ items: hubs }, { items: pitches }] = [await get('/hubs'), await get('/pitches')];
  const hubId = hubs[0]?.enterpriseId;
  // Whom a gift is for.
  const known = { hubId, pitchId: pitches[0]?.pitchId, kind: 'enterprise', id: hubId };
  if (who === 'buyer') known.orderId = (await get('/orders?as=buyer')).items[0]?.orderId;
  if (who !== 'hub' && who !== 'producer') return known;
  const enterprise = (await get('/session')).enterprises.find((one) =>
    who === 'hub' ? one.isHub : one.isProducer,
  );
  const enterpriseId = enterprise?.enterpriseId;
  if (who === 'hub') {
    const links = await get(`/hubs/${enterpriseId}/referral-links`);
    known.linkId = links.items[0]?.linkId ?? 'none';
  }
  return {
    ...known,
    enterpriseId,
    ...(who === 'hub' ? { hubId: enterpriseId } : { producerId: enterpriseId }),
  };
}
