import type { FunctionNet, ModelProblem, WorstCase } from '@foodshed/contracts';
import { Alert, List, Paper, Stack, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useInstance } from '../api/session.js';
import { useFormat } from '../format.js';
import { said } from '../text/said.js';
import { Drawing } from './model-drawing.js';

/** What the service found in a text. */
export interface Checked {
  isSound: boolean;
  problems: ModelProblem[];
  plainWords: string[];
  drawing: string | null;
  nets: FunctionNet[];
  worstCases: WorstCase[];
}

function Problems({ problems }: { problems: readonly ModelProblem[] }) {
  const { t } = useTranslation();
  return (
    <List size="sm">
      {problems.map(({ line, path, message }) => (
        <List.Item key={`${line} ${path} ${message}`}>
          {t('model.problem', { line, path, message: said(message) })}
        </List.Item>
      ))}
    </List>
  );
}

/** What becomes of everybody at the stated needs, and the orders that come nearest to the limits. */
function Figured({ checked, currency }: { checked: Checked; currency: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <>
      {checked.nets.length > 0 && (
        <>
          <Title order={3} size="h5">
            {t('model.needs')}
          </Title>
          <List size="sm">
            {checked.nets.map(({ functionId, netMinor }) => (
              <List.Item key={functionId}>
                {t('model.net', { name: functionId, amount: format.money(netMinor, currency) })}
              </List.Item>
            ))}
          </List>
        </>
      )}
      {checked.worstCases.length > 0 && (
        <>
          <Title order={3} size="h5">
            {t('model.worst')}
          </Title>
          <List size="sm">
            {checked.worstCases.map((worst) => (
              <List.Item key={worst.limit}>
                {t(`model.worstCase.${worst.limit}`, {
                  order: format.money(worst.netMinor, currency),
                  asked: format.money(worst.askedMinor, currency),
                  allowed: format.money(worst.allowedMinor, currency),
                  paid: format.money(worst.paidMinor, currency),
                })}
              </List.Item>
            ))}
          </List>
        </>
      )}
    </>
  );
}

/** What a check says of a text: whether it may be used, what it means, and what to mend. */
export function Findings({ checked }: { checked: Checked }) {
  const { t } = useTranslation();
  const currency = useInstance()?.currency ?? 'EUR';
  const { isSound, problems, plainWords, drawing } = checked;
  return (
    <Stack gap="sm">
      <Alert
        color={isSound ? 'leaf' : 'red'}
        role={isSound ? 'status' : 'alert'}
        title={isSound ? t('model.checked') : t('model.unsound')}
      >
        <Problems problems={problems} />
        {isSound && (
          <List size="sm">
            {plainWords.map((sentence) => (
              <List.Item key={sentence}>{said(sentence)}</List.Item>
            ))}
          </List>
        )}
      </Alert>
      <Figured checked={checked} currency={currency} />
      {drawing && <Drawing svg={drawing} />}
    </Stack>
  );
}

/** The frame of a result beside another one. */
export function Result({
  title,
  hint,
  children,
}: {
  title: string;
  hint: string;
  children?: React.ReactNode;
}) {
  return (
    <Paper h="fit-content">
      <Stack gap="sm">
        <Title order={2} size="h4">
          {title}
        </Title>
        {children ?? (
          <Text size="sm" c="dimmed">
            {hint}
          </Text>
        )}
      </Stack>
    </Paper>
  );
}
