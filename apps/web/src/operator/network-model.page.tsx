import type { ModelProblem, NetworkModelView } from '@foodshed/contracts';
import {
  Alert,
  Badge,
  Button,
  Group,
  List,
  Paper,
  ScrollArea,
  Stack,
  Text,
  Textarea,
  Title,
} from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client.js';
import { modelInForce } from '../api/network-model.js';
import { useSession } from '../api/session.js';
import { useFormat } from '../format.js';
import { Page } from '../shell/page.js';
import { Loaded, Nothing, Problem } from '../shell/states.js';
import { said } from '../text/said.js';

interface Checked {
  isSound: boolean;
  problems: ModelProblem[];
  plainWords: string[];
  drawing: string | null;
}

/** Who gives what to whom, as the service drew it; the words beside it say the same. */
function Drawing({ svg }: { svg: string }) {
  const { t } = useTranslation();
  return (
    <ScrollArea viewportProps={{ tabIndex: 0, role: 'region', 'aria-label': t('model.drawing') }}>
      <img
        src={`data:image/svg+xml,${encodeURIComponent(svg)}`}
        alt={t('model.drawing')}
        style={{
          display: 'block',
          minWidth: 640,
          width: '100%',
          maxWidth: 848,
          background: '#fff',
          borderRadius: 8,
        }}
      />
    </ScrollArea>
  );
}

function Findings({ checked }: { checked: Checked }) {
  const { t } = useTranslation();
  if (checked.isSound) {
    return (
      <Alert color="leaf" role="status" title={t('model.checked')}>
        <List size="sm">
          {checked.plainWords.map((sentence) => (
            <List.Item key={sentence}>{said(sentence)}</List.Item>
          ))}
        </List>
        {checked.drawing && <Drawing svg={checked.drawing} />}
      </Alert>
    );
  }
  return (
    <Alert color="red" role="alert" title={t('model.unsound')}>
      <List size="sm">
        {checked.problems.map((problem) => (
          <List.Item key={`${problem.line} ${problem.path} ${problem.message}`}>
            {t('model.problem', { line: problem.line, path: problem.path, message: problem.message })}
          </List.Item>
        ))}
      </List>
    </Alert>
  );
}

function Editor({ current }: { current: NetworkModelView | null }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [source, setSource] = useState(current?.source ?? '');
  const check = useMutation({
    mutationFn: () => api<Checked>('/network-models/checks', { method: 'POST', body: { source } }),
  });
  const upload = useMutation({
    mutationFn: () => api('/network-models', { method: 'POST', body: { source } }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['network-model'] }),
  });
  return (
    <Stack>
      <Textarea
        label={t('model.text')}
        value={source}
        onChange={(event) => {
          setSource(event.currentTarget.value);
          check.reset();
        }}
        autosize
        minRows={16}
        maxRows={34}
        spellCheck={false}
        styles={{ input: { fontFamily: 'monospace', fontSize: 13 } }}
      />
      {check.data && <Findings checked={check.data} />}
      {check.isError && <Problem error={check.error} />}
      {upload.isError && <Problem error={upload.error} />}
      <Group justify="flex-end">
        <Button variant="default" loading={check.isPending} disabled={!source} onClick={() => check.mutate()}>
          {t('model.check')}
        </Button>
        <Button
          loading={upload.isPending}
          disabled={!check.data?.isSound || source === current?.source}
          onClick={() => upload.mutate()}
        >
          {t('model.upload')}
        </Button>
      </Group>
    </Stack>
  );
}

/** The network's model: in plain words, and as the text that the program runs, to check and to replace. */
export function NetworkModelPage() {
  const { t } = useTranslation();
  const format = useFormat();
  const { roles } = useSession();
  const query = useQuery({ queryKey: ['network-model'], queryFn: modelInForce });
  return (
    <Page title={t('model.title')} lead={t('model.lead')}>
      <Loaded query={query}>
        {(model) => (
          <Stack>
            {model ? (
              <Paper>
                <Stack>
                  <Group justify="space-between">
                    <Title order={2} size="h4">
                      {model.name}
                    </Title>
                    <Badge variant="dot">{t('model.version', { version: model.version })}</Badge>
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
                </Stack>
              </Paper>
            ) : (
              <Nothing title={t('model.none')}>{t('model.noneNext')}</Nothing>
            )}
            {roles.length > 0 && <Editor key={model?.version ?? 0} current={model} />}
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}
