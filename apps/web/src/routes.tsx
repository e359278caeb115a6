import type { ComponentType, ReactNode } from 'react';
import { createBrowserRouter, Navigate, useLocation } from 'react-router';
import { useSessionQuery } from './api/session.js';
import { BrokenPage, NotFoundPage } from './shell/not-found.page.js';
import { Shell } from './shell/shell.js';
import { Loaded, Loading } from './shell/states.js';

/** Pages for people who are signed in; others are asked to, and come back. The services check every call again. */
function SignedIn({ children }: { children: ReactNode }) {
  const query = useSessionQuery();
  const { pathname } = useLocation();
  return (
    <Loaded query={query}>
      {(session) =>
        session.person ? children : <Navigate to={`/sign-in?to=${encodeURIComponent(pathname)}`} replace />
      }
    </Loaded>
  );
}

/** A browser fetches only the pages that somebody opens: a buyer none of the operators' charts. */
const page = <Name extends string>(
  path: string,
  load: () => Promise<Record<Name, ComponentType>>,
  name: Name,
) => ({ path, lazy: async () => ({ Component: (await load())[name] }) });

const signedIn: typeof page = (path, load, name) => ({
  path,
  lazy: async () => {
    const Opened: ComponentType = (await load())[name];
    const Component = (): ReactNode => (
      <SignedIn>
        <Opened />
      </SignedIn>
    );
    return { Component };
  },
});

export const router = createBrowserRouter([
  {
    element: <Shell />,
    errorElement: <BrokenPage />,
    children: [
      {
        errorElement: <BrokenPage />,
        hydrateFallbackElement: <Loading />,
        children: [
          page('/', () => import('./start/start.page.js'), 'StartPage'),
          page('/shops', () => import('./shop/shops.page.js'), 'ShopsPage'),
          page('/value-map', () => import('./value-map/value-map.page.js'), 'ValueMapPage'),
          page('/sign-in', () => import('./account/sign-in.page.js'), 'SignInPage'),
          page('/register', () => import('./account/register.page.js'), 'RegisterPage'),
          page('/verify-email', () => import('./account/verify-email.page.js'), 'VerifyEmailPage'),
          page('/r/:code', () => import('./shop/referral.page.js'), 'ReferralPage'),
          page('/hubs/:hubId', () => import('./shop/shop.page.js'), 'ShopPage'),
          page('/checkout', () => import('./shop/checkout.page.js'), 'CheckoutPage'),
          page('/pitches', () => import('./developing/board.page.js'), 'BoardPage'),
          page('/pitches/:pitchId', () => import('./developing/pitch.page.js'), 'PitchPage'),
          signedIn('/pitches/new', () => import('./developing/new-pitch.page.js'), 'NewPitchPage'),
          signedIn('/developing', () => import('./developing/own.page.js'), 'OwnDevelopingPage'),
          signedIn(
            '/developing/statement',
            () => import('./developing/statement.page.js'),
            'DevelopingStatementPage',
          ),
          signedIn('/give/:kind/:id', () => import('./giving/give.page.js'), 'GivePage'),
          signedIn('/gifts', () => import('./giving/own.page.js'), 'OwnGiftsPage'),
          signedIn(
            '/contributing/statement',
            () => import('./giving/statement.page.js'),
            'ContributingStatementPage',
          ),
          signedIn('/home', () => import('./home/home.page.js'), 'HomePage'),
          signedIn('/account', () => import('./account/account.page.js'), 'AccountPage'),
          signedIn(
            '/enterprises/:enterpriseId/managers',
            () => import('./managers/managers.page.js'),
            'ManagersPage',
          ),
          signedIn('/orders', () => import('./orders/orders.page.js'), 'OrdersPage'),
          signedIn('/orders/:orderId', () => import('./orders/order.page.js'), 'OrderPage'),
          signedIn('/hubs/:hubId/manage/orders', () => import('./hub/hub-orders.page.js'), 'HubOrdersPage'),
          signedIn('/hubs/:hubId/manage/cycles', () => import('./hub/cycles.page.js'), 'CyclesPage'),
          signedIn(
            '/hubs/:hubId/manage/producers',
            () => import('./hub/producers-we-sell.page.js'),
            'ProducersWeSellPage',
          ),
          signedIn('/hubs/:hubId/manage/referrals', () => import('./hub/referrals.page.js'), 'ReferralsPage'),
          signedIn(
            '/hubs/:hubId/manage/referrals/:linkId/poster',
            () => import('./hub/poster.page.js'),
            'PosterPage',
          ),
          signedIn(
            '/hubs/:hubId/manage/commission',
            () => import('./hub/commission.page.js'),
            'CommissionPage',
          ),
          signedIn(
            '/producers/:producerId/orders-to-pack',
            () => import('./producer/packing.page.js'),
            'PackingPage',
          ),
          signedIn(
            '/producers/:producerId/products',
            () => import('./producer/products.page.js'),
            'ProductsPage',
          ),
          signedIn(
            '/producers/:producerId/hubs',
            () => import('./producer/hubs-that-sell.page.js'),
            'HubsThatSellPage',
          ),
          signedIn(
            '/producers/:producerId/earnings',
            () => import('./producer/earnings.page.js'),
            'EarningsPage',
          ),
          signedIn(
            '/producers/:producerId/referrals',
            () => import('./producer/producer-referrals.page.js'),
            'ProducerReferralsPage',
          ),
          signedIn('/dashboard', () => import('./operator/dashboard.page.js'), 'DashboardPage'),
          signedIn(
            '/administration',
            () => import('./operator/administration.page.js'),
            'AdministrationPage',
          ),
          signedIn('/payouts', () => import('./payouts/payouts.page.js'), 'PayoutsPage'),
          signedIn('/network-model', () => import('./operator/network-model.page.js'), 'NetworkModelPage'),
          signedIn('/people', () => import('./operator/people.page.js'), 'PeoplePage'),
          signedIn('/operations', () => import('./operator/operations.page.js'), 'OperationsPage'),
          signedIn('/audit', () => import('./operator/audit.page.js'), 'AuditPage'),
          signedIn('/webhooks', () => import('./webhooks/webhooks.page.js'), 'WebhooksPage'),
          signedIn('/webhooks/:webhookId', () => import('./webhooks/webhook.page.js'), 'WebhookPage'),
          signedIn(
            '/enterprises/:enterpriseId/webhooks',
            () => import('./webhooks/webhooks.page.js'),
            'WebhooksPage',
          ),
          { path: '*', element: <NotFoundPage /> },
        ],
      },
    ],
  },
]);
