import type { ReactNode } from 'react';
import { createBrowserRouter, Navigate, useLocation } from 'react-router';
import { AccountPage } from './account/account.page.js';
import { RegisterPage } from './account/register.page.js';
import { SignInPage } from './account/sign-in.page.js';
import { VerifyEmailPage } from './account/verify-email.page.js';
import { useSessionQuery } from './api/session.js';
import { BoardPage } from './developing/board.page.js';
import { NewPitchPage } from './developing/new-pitch.page.js';
import { OwnDevelopingPage } from './developing/own.page.js';
import { PitchPage } from './developing/pitch.page.js';
import { DevelopingStatementPage } from './developing/statement.page.js';
import { CommissionPage } from './hub/commission.page.js';
import { CyclesPage } from './hub/cycles.page.js';
import { HubOrdersPage } from './hub/hub-orders.page.js';
import { ProducersWeSellPage } from './hub/producers-we-sell.page.js';
import { ReferralsPage } from './hub/referrals.page.js';
import { ManagersPage } from './managers/managers.page.js';
import { AdministrationPage } from './operator/administration.page.js';
import { NetworkModelPage } from './operator/network-model.page.js';
import { PeoplePage } from './operator/people.page.js';
import { OrderPage } from './orders/order.page.js';
import { OrdersPage } from './orders/orders.page.js';
import { EarningsPage } from './producer/earnings.page.js';
import { HubsThatSellPage } from './producer/hubs-that-sell.page.js';
import { PackingPage } from './producer/packing.page.js';
import { ProducerReferralsPage } from './producer/producer-referrals.page.js';
import { ProductsPage } from './producer/products.page.js';
import { BrokenPage, NotFoundPage } from './shell/not-found.page.js';
import { Shell } from './shell/shell.js';
import { Loaded } from './shell/states.js';
import { CheckoutPage } from './shop/checkout.page.js';
import { ReferralPage } from './shop/referral.page.js';
import { ShopPage } from './shop/shop.page.js';
import { ShopsPage } from './shop/shops.page.js';
import { StartPage } from './start/start.page.js';

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

const signedIn = (path: string, page: ReactNode) => ({ path, element: <SignedIn>{page}</SignedIn> });

export const router = createBrowserRouter([
  {
    element: <Shell />,
    errorElement: <BrokenPage />,
    children: [
      {
        errorElement: <BrokenPage />,
        children: [
          { path: '/', element: <StartPage /> },
          { path: '/shops', element: <ShopsPage /> },
          { path: '/sign-in', element: <SignInPage /> },
          { path: '/register', element: <RegisterPage /> },
          { path: '/verify-email', element: <VerifyEmailPage /> },
          { path: '/r/:code', element: <ReferralPage /> },
          { path: '/hubs/:hubId', element: <ShopPage /> },
          { path: '/checkout', element: <CheckoutPage /> },
          { path: '/pitches', element: <BoardPage /> },
          { path: '/pitches/:pitchId', element: <PitchPage /> },
          signedIn('/pitches/new', <NewPitchPage />),
          signedIn('/developing', <OwnDevelopingPage />),
          signedIn('/developing/statement', <DevelopingStatementPage />),
          signedIn('/account', <AccountPage />),
          signedIn('/enterprises/:enterpriseId/managers', <ManagersPage />),
          signedIn('/orders', <OrdersPage />),
          signedIn('/orders/:orderId', <OrderPage />),
          signedIn('/hubs/:hubId/manage/orders', <HubOrdersPage />),
          signedIn('/hubs/:hubId/manage/cycles', <CyclesPage />),
          signedIn('/hubs/:hubId/manage/producers', <ProducersWeSellPage />),
          signedIn('/hubs/:hubId/manage/referrals', <ReferralsPage />),
          signedIn('/hubs/:hubId/manage/commission', <CommissionPage />),
          signedIn('/producers/:producerId/orders-to-pack', <PackingPage />),
          signedIn('/producers/:producerId/products', <ProductsPage />),
          signedIn('/producers/:producerId/hubs', <HubsThatSellPage />),
          signedIn('/producers/:producerId/earnings', <EarningsPage />),
          signedIn('/producers/:producerId/referrals', <ProducerReferralsPage />),
          // The charts are the heaviest part of the application and only operators see them.
          {
            path: '/dashboard',
            lazy: async () => ({ Component: (await import('./operator/dashboard.page.js')).DashboardPage }),
          },
          signedIn('/administration', <AdministrationPage />),
          signedIn('/network-model', <NetworkModelPage />),
          signedIn('/people', <PeoplePage />),
          { path: '*', element: <NotFoundPage /> },
        ],
      },
    ],
  },
]);
