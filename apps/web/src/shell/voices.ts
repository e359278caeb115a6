import type { FunderRef } from '@foodshed/contracts';
import { useTranslation } from 'react-i18next';
import { useSession } from '../api/session.js';

/** Everybody the person may speak for with money: as a steward the network, their enterprises, themselves. */
export function useVoices(): { owner: FunderRef; label: string }[] {
  const { t } = useTranslation();
  const { person, enterprises, instance, roles } = useSession();
  if (!person) return [];
  const ofNetwork =
    instance && roles.length > 0
      ? [{ owner: { kind: 'instance' as const, id: instance.id }, label: instance.name }]
      : [];
  return [
    ...ofNetwork,
    ...enterprises.map(({ enterpriseId, name }) => ({
      owner: { kind: 'enterprise' as const, id: enterpriseId },
      label: name,
    })),
    { owner: { kind: 'person' as const, id: person.personId }, label: t('pledge.myself') },
  ];
}
