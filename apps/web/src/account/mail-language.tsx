import { NativeSelect, Paper } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client.js';
import { useThing } from '../api/lists.js';
import { Problem } from '../shell/states.js';
import { type Language, languageCodes, languages } from '../text/languages.js';
import type { Me } from './email-state.js';

/** The language of mails to the person; that of the pages is the browser's own, in the menu above. */
export function MailLanguage() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const me = useThing<Me>('/me');
  const change = useMutation({
    mutationFn: (language: Language) => api('/me', { method: 'PATCH', body: { language } }),
    onSuccess: () => queries.invalidateQueries(),
  });
  return (
    <Paper>
      <NativeSelect
        label={t('account.mailLanguage')}
        description={t('account.mailLanguageExplained')}
        data={languageCodes.map((value) => ({ value, label: languages[value] }))}
        value={change.isPending ? change.variables : me.data?.language}
        onChange={(event) => change.mutate(event.currentTarget.value as Language)}
        disabled={!me.data || change.isPending}
      />
      {change.isError && <Problem error={change.error} />}
    </Paper>
  );
}
