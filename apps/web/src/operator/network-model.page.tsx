import type { NetworkModelView } from '@foodshed/contracts';
import { Badge, Button, Group, List, Paper, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client.js';
import { modelInForce } from '../api/network-model.js';
import { useSession } from '../api/session.js';
import { useFormat } from '../format.js';
import { download } from '../shell/csv.js';
import { Page } from '../shell/page.js';
import { Loaded, Nothing, Problem } from '../shell/states.js';
import { said } from '../text/said.js';
import { Drawing } from './model-drawing.js';
import { ModelEditor } from './model-editor.js';
import { ModelVersions } from './model-versions.js';

function InForce({ model }: { model: NetworkModelView }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { version } = model;
  const valueFlows = useMutation({
    mutationFn: () => api<unknown>(`/network-models/${version}/value-flows`),
    onSuccess: (document) => download(`network-model-${version}.jsonld`, JSON.stringify(document, null, 2)),
  });
  return (
    <Paper>
      <Stack>
        <Group justify="space-between">
          <Title order={2} size="h4">
            {model.name}
          </Title>
          <Badge variant="dot">{t('model.version', { version })}</Badge>
        </Group>
        <Text size="sm" c="dimmed">
          {t('model.effective', { at: format.dateTime(model.takesEffectAt) })}
        </Text>
        <List>
          {model.plainWords.map((sentence) => (
            <List.Item key={sentence}>{said(sentence)}</List.Item>
          ))}
        </List>
        <Drawing svg={model.drawing} />
        {valueFlows.isError && <Problem error={valueFlows.error} />}
        <Group className="no-print" gap="xs">
          <Button
            size="xs"
            variant="default"
            onClick={() => download(`network-model-${version}.svg`, model.drawing)}
          >
            {t('model.saveDrawing')}
          </Button>
          <Button
            size="xs"
            variant="default"
            loading={valueFlows.isPending}
            onClick={() => valueFlows.mutate()}
          >
            {t('model.saveValueFlows')}
          </Button>
        </Group>
      </Stack>
    </Paper>
  );
}

/** The network's model: in plain words, its versions, and the text that the program runs, to check, simulate and replace. */
export function NetworkModelPage() {
  const { t } = useTranslation();
  const { roles } = useSession();
  const query = useQuery({ queryKey: ['network-model'], queryFn: modelInForce });
  return (
    <Page title={t('model.title')} lead={t('model.lead')}>
      <Loaded query={query}>
        {(model) => (
          <Stack>
            {model ? (
              <InForce model={model} />
            ) : (
              <Nothing title={t('model.none')}>{t('model.noneNext')}</Nothing>
            )}
            <ModelVersions />
            {roles.length > 0 && <ModelEditor key={model?.version ?? 0} current={model} />}
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}
