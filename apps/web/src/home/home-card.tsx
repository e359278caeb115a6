import { Anchor, Badge, Group, Paper, Skeleton, Stack, Text, Title } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { PageOf } from '../api/lists.js';
import { useFormat } from '../format.js';

/** What somebody came for in one of their roles: a few facts that lead to their pages, and the next step. */
export function HomeCard({
  title,
  role,
  icon,
  next,
  children,
}: {
  title: string;
  role: string;
  icon: ReactNode;
  /** What to do when there is nothing yet, or what matters most now. */
  next?: ReactNode;
  children: ReactNode;
}) {
  return (
    <Paper component="section" h="100%">
      <Stack h="100%" gap="sm">
        <Group justify="space-between" wrap="nowrap" align="flex-start">
          <Title order={2} size="h4">
            <Group gap={8} wrap="nowrap">
              {icon}
              {title}
            </Group>
          </Title>
          <Badge variant="light" color="gray" c="inherit" style={{ flex: 'none' }}>
            {role}
          </Badge>
        </Group>
        <ul className="facts">{children}</ul>
        {next && <div>{next}</div>}
      </Stack>
    </Paper>
  );
}

/** One line of a card; it keeps its height while it is fetched, and an answer that does not come hides nothing else. */
export function Fact<T>({
  label,
  to,
  query,
  children,
}: {
  label: string;
  to: string;
  query?: UseQueryResult<T>;
  children: (data: T) => ReactNode;
}) {
  const { t } = useTranslation();
  const { data, isError } = query ?? { data: undefined, isError: false };
  const value = (): ReactNode => {
    if (data !== undefined) return children(data);
    if (isError) return <span title={t('home.unreached')}>–</span>;
    return query ? <Skeleton width={48} height={16} /> : null;
  };
  return (
    <li>
      <Group justify="space-between" gap="xs" mih={26}>
        <Anchor component={Link} to={to}>
          {label}
        </Anchor>
        <Text span className="amount" fw={600}>
          {value()}
        </Text>
      </Group>
    </li>
  );
}

/** How many there are; of a list that goes on, at least so many. */
export function Count({ page, attention }: { page: PageOf<unknown>; attention?: boolean }) {
  const format = useFormat();
  const count = page.items.length;
  return (
    <span className={attention && count > 0 ? 'attention' : undefined}>
      {format.number(count)}
      {page.nextCursor && '+'}
    </span>
  );
}
