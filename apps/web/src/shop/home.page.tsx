import type { Enterprise } from '@foodshed/contracts';
import { Anchor, Button, Group, NativeSelect, Paper, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { chooseInstance, visitedInstance } from '../api/client.js';
import { type PageOf, useList, useThing } from '../api/lists.js';
import { useSession } from '../api/session.js';
import { More } from '../shell/more.js';
import { Page } from '../shell/page.js';
import { Loaded, Nothing } from '../shell/states.js';

interface Instance {
  slug: string;
  name: string;
  description: string;
}

function InstanceChoice() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { person } = useSession();
  const instances = useThing<PageOf<Instance>>('/instances', { limit: 200 });
  const items = instances.data?.items ?? [];
  if (person || items.length < 2) return null;
  const choose = (slug: string): void => {
    chooseInstance(slug);
    void client.resetQueries();
  };
  return (
    <NativeSelect
      aria-label={t('home.network')}
      value={visitedInstance() ?? items[0]!.slug}
      onChange={(event) => choose(event.currentTarget.value)}
      data={items.map(({ slug, name }) => ({ value: slug, label: name }))}
    />
  );
}

/** The hubs of this network: where a buyer begins. */
export function HomePage() {
  const { t } = useTranslation();
  const { person } = useSession();
  const list = useList<Enterprise>('/hubs');
  return (
    <Page title={t('home.title')} lead={t('home.lead')} actions={<InstanceChoice />}>
      <Loaded query={list}>
        {() =>
          list.items!.length === 0 ? (
            <Nothing title={t('home.none')}>{t('home.noneNext')}</Nothing>
          ) : (
            <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }}>
              {list.items!.map((hub) => (
                <Paper key={hub.enterpriseId} component="article">
                  <Stack justify="space-between" h="100%">
                    <div>
                      <Title order={2} size="h4">
                        <Anchor component={Link} to={`/hubs/${hub.enterpriseId}`} inherit c="inherit">
                          {hub.name}
                        </Anchor>
                      </Title>
                      <Text size="sm" c="dimmed">
                        {hub.place?.town}
                      </Text>
                      <Text size="sm" mt="xs" lineClamp={3}>
                        {hub.description}
                      </Text>
                    </div>
                    <Group>
                      <Button
                        component={Link}
                        to={`/hubs/${hub.enterpriseId}`}
                        variant="light"
                        aria-label={t('home.visitNamed', { name: hub.name })}
                      >
                        {t('home.visit')}
                      </Button>
                    </Group>
                  </Stack>
                </Paper>
              ))}
            </SimpleGrid>
          )
        }
      </Loaded>
      <More list={list} />
      {!person && (
        <Text size="sm" c="dimmed">
          {t('home.openValue')}
        </Text>
      )}
    </Page>
  );
}
