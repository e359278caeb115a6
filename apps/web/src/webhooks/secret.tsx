import { Alert, Button, Code, CopyButton, Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

/** A secret, to be taken along now: it is never shown again. */
export function Secret({ secret }: { secret: string }) {
  const { t } = useTranslation();
  return (
    <Alert color="yellow" title={t('webhook.secretOnce')} role="status" variant="light">
      <Text size="sm" mb="xs">
        {t('webhook.secretHint')}
      </Text>
      <Group gap="xs">
        <Code data-testid="webhook-secret" style={{ overflowWrap: 'anywhere' }}>
          {secret}
        </Code>
        <CopyButton value={secret}>
          {({ copied, copy }) => (
            <Button size="compact-xs" variant="default" onClick={copy}>
              {t(copied ? 'action.copied' : 'action.copy')}
            </Button>
          )}
        </CopyButton>
      </Group>
    </Alert>
  );
}
