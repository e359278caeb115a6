import {
  Anchor,
  AppShell,
  Burger,
  Button,
  Group,
  Menu,
  NavLink,
  ScrollArea,
  Text,
  UnstyledButton,
} from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import {
  IconActivity,
  IconArrowsSplit2,
  IconBasket,
  IconBuildingBank,
  IconCash,
  IconBuildingStore,
  IconBulb,
  IconChartBar,
  IconFileText,
  IconGift,
  IconHammer,
  IconHeartHandshake,
  IconHistory,
  IconHome,
  IconReceipt,
  IconReportMoney,
  IconSeedling,
  IconUser,
  IconUsers,
  IconWebhook,
} from '@tabler/icons-react';
import { type ReactNode, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, Outlet, useLocation } from 'react-router';
import { type SessionEnterprise, useInstance, useSession } from '../api/session.js';
import { useTicksAreSent } from '../device/use-ticks.js';
import { useCart } from '../shop/cart.js';
import { InstanceGate } from './instance-gate.js';
import { useSignOut } from './sign-out.js';
import { Preferences } from './preferences.js';

interface Entry {
  to: string;
  text: string;
  icon?: ReactNode;
}

function Entries({ entries, close }: { entries: Entry[]; close: () => void }) {
  const { pathname } = useLocation();
  return entries.map((entry) => (
    <NavLink
      key={entry.to}
      component={Link}
      to={entry.to}
      label={entry.text}
      leftSection={entry.icon}
      active={pathname === entry.to}
      onClick={close}
    />
  ));
}

function EnterpriseEntries({ enterprise, close }: { enterprise: SessionEnterprise; close: () => void }) {
  const { t } = useTranslation();
  const hub = `/hubs/${enterprise.enterpriseId}/manage`;
  const producer = `/producers/${enterprise.enterpriseId}`;
  const entries: Entry[] = [
    ...(enterprise.isHub
      ? [
          { to: `${hub}/orders`, text: t('nav.hubOrders') },
          { to: `${hub}/cycles`, text: t('nav.cycles') },
          { to: `${hub}/producers`, text: t('nav.producersWeSell') },
          { to: `${hub}/referrals`, text: t('nav.referrals') },
          { to: `${hub}/commission`, text: t('nav.commission') },
        ]
      : []),
    ...(enterprise.isProducer
      ? [
          { to: `${producer}/orders-to-pack`, text: t('nav.ordersToPack') },
          { to: `${producer}/products`, text: t('nav.products') },
          { to: `${producer}/hubs`, text: t('nav.hubsThatSell') },
          { to: `${producer}/earnings`, text: t('nav.earnings') },
          { to: `${producer}/referrals`, text: t('nav.broughtBy') },
        ]
      : []),
    { to: `/enterprises/${enterprise.enterpriseId}/managers`, text: t('nav.managers') },
    { to: `/enterprises/${enterprise.enterpriseId}/webhooks`, text: t('nav.webhooks') },
  ];
  const Icon = enterprise.isHub ? IconBuildingStore : IconSeedling;
  return (
    <NavLink
      component="button"
      label={enterprise.name}
      leftSection={<Icon size={18} />}
      defaultOpened
      childrenOffset={28}
    >
      <Entries entries={entries} close={close} />
    </NavLink>
  );
}

function Navigation({ close }: { close: () => void }) {
  const { t } = useTranslation();
  const session = useSession();
  return (
    <ScrollArea>
      <Entries
        close={close}
        entries={[
          ...(session.person ? [{ to: '/home', text: t('nav.home'), icon: <IconHome size={18} /> }] : []),
          { to: '/shops', text: t('nav.shops'), icon: <IconBasket size={18} /> },
          ...(session.person
            ? [
                { to: '/orders', text: t('nav.orders'), icon: <IconReceipt size={18} /> },
                { to: '/gifts', text: t('nav.gifts'), icon: <IconGift size={18} /> },
              ]
            : []),
          { to: '/pitches', text: t('nav.pitches'), icon: <IconBulb size={18} /> },
          { to: '/value-map', text: t('nav.valueMap'), icon: <IconArrowsSplit2 size={18} /> },
          ...(session.person
            ? [{ to: '/developing', text: t('nav.developing'), icon: <IconHammer size={18} /> }]
            : []),
        ]}
      />
      {session.enterprises.map((enterprise) => (
        <EnterpriseEntries key={enterprise.enterpriseId} enterprise={enterprise} close={close} />
      ))}
      {session.roles.length > 0 && (
        <Entries
          close={close}
          entries={[
            { to: '/dashboard', text: t('nav.dashboard'), icon: <IconChartBar size={18} /> },
            { to: '/administration', text: t('nav.administration'), icon: <IconBuildingBank size={18} /> },
            { to: '/payouts', text: t('nav.payouts'), icon: <IconCash size={18} /> },
            {
              to: '/developing/statement',
              text: t('nav.developingStatement'),
              icon: <IconReportMoney size={18} />,
            },
            {
              to: '/contributing/statement',
              text: t('nav.contributingStatement'),
              icon: <IconHeartHandshake size={18} />,
            },
            { to: '/network-model', text: t('nav.networkModel'), icon: <IconFileText size={18} /> },
            { to: '/people', text: t('nav.people'), icon: <IconUsers size={18} /> },
            { to: '/webhooks', text: t('nav.webhooks'), icon: <IconWebhook size={18} /> },
            { to: '/audit', text: t('nav.audit'), icon: <IconHistory size={18} /> },
            ...(session.roles.includes('operator')
              ? [{ to: '/operations', text: t('nav.operations'), icon: <IconActivity size={18} /> }]
              : []),
          ]}
        />
      )}
    </ScrollArea>
  );
}

function Person() {
  const { t } = useTranslation();
  const session = useSession();
  const { signOut, dialog } = useSignOut();
  if (!session.person) {
    return (
      <Button component={Link} to="/sign-in" size="sm">
        {t('action.signIn')}
      </Button>
    );
  }
  return (
    <Menu position="bottom-end">
      {dialog}
      <Menu.Target>
        <UnstyledButton
          aria-label={t('nav.accountOf', { name: session.person.displayName })}
          data-testid="account"
        >
          <Group gap={6}>
            <IconUser size={18} />
            <Text size="sm" visibleFrom="sm">
              {session.person.displayName}
            </Text>
          </Group>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item component={Link} to="/account">
          {t('nav.account')}
        </Menu.Item>
        <Menu.Item onClick={signOut}>{t('action.signOut')}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** The frame of every page: skip link, header with basket and account, navigation by what the person does. */
export function Shell() {
  const { t } = useTranslation();
  const instance = useInstance();
  const { person } = useSession();
  const cart = useCart();
  useTicksAreSent();
  const [opened, { toggle, close }] = useDisclosure();
  const { pathname } = useLocation();
  useEffect(() => {
    window.scrollTo(0, 0);
  }, [pathname]);
  const count = cart.lines.length;
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 248, breakpoint: 'sm', collapsed: { mobile: !opened } }}
      padding="md"
    >
      <a className="skip-link" href="#content">
        {t('nav.skip')}
      </a>
      <AppShell.Header className="no-print">
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="xs" wrap="nowrap">
            <Burger opened={opened} onClick={toggle} hiddenFrom="sm" size="sm" aria-label={t('nav.menu')} />
            <Anchor
              component={Link}
              to={person ? '/home' : '/'}
              underline="never"
              c="inherit"
              aria-label="Foodshed"
            >
              <Group gap={8} wrap="nowrap">
                <img src="/favicon.svg" alt="" width={26} height={26} />
                <Text fw={650} ff="heading" size="lg" visibleFrom="xs">
                  Foodshed
                </Text>
              </Group>
            </Anchor>
            {instance && (
              <Text size="sm" c="dimmed" visibleFrom="sm">
                {instance.name}
              </Text>
            )}
          </Group>
          <Group gap="xs" wrap="nowrap">
            {count > 0 && (
              <Button
                component={Link}
                to="/checkout"
                variant="light"
                size="sm"
                leftSection={<IconBasket size={16} />}
              >
                {t('shop.basket', { count })}
              </Button>
            )}
            <Preferences />
            <Person />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" className="no-print" aria-label={t('nav.main')}>
        <Navigation close={close} />
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1}>
        <InstanceGate>
          <Outlet />
        </InstanceGate>
      </AppShell.Main>
    </AppShell>
  );
}
