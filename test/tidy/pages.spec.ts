import { readFileSync } from 'node:fs';
import { PAGES, routesOf } from '../../tools/pages/pages.mjs';

describe('the list of pages that are looked at', () => {
  it('has every route of the web application, once', () => {
    const routes = routesOf(readFileSync('apps/web/src/routes.tsx', 'utf8'));
    expect(routes.length).toBeGreaterThan(30);
    expect(Object.values(PAGES).flat().sort()).toEqual(routes.sort());
  });

  it('would notice a new route, however it is written', () => {
    const source = "page('/a', load), signedIn(\n  '/b/:id', load), { path: '/c', element }, Link to='/d'";
    expect(routesOf(source)).toEqual(['/a', '/b/:id', '/c']);
  });
});
