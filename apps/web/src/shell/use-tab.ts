import { useSearchParams } from 'react-router';

/** Which of these tabs is open, kept in the page's address so that it can be linked to; the first where that names none. */
export function useTab(tabs: readonly [string, ...string[]]): {
  value: string;
  onChange: (tab: string | null) => void;
} {
  const [search, setSearch] = useSearchParams();
  const asked = search.get('tab') ?? '';
  return {
    value: tabs.includes(asked) ? asked : tabs[0],
    onChange: (tab) => {
      const next = new URLSearchParams(search);
      next.set('tab', tab ?? tabs[0]);
      setSearch(next, { replace: true });
    },
  };
}
