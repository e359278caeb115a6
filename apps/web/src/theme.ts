import { createTheme, type MantineColorsTuple, type MantineThemeOverride } from '@mantine/core';
import { decimalSeparatorOf } from './format.js';

// Leaf green carries actions and selection; the neutrals are warm so that tables of figures stay calm.
const leaf: MantineColorsTuple = [
  '#eff7ef',
  '#dfebe0',
  '#bbd6be',
  '#95c09b',
  '#75ae7d',
  '#60a369',
  '#4c8f57',
  '#3d7c48',
  '#2f6b3c',
  '#1f5730',
];

const theme = createTheme({
  primaryColor: 'leaf',
  primaryShade: { light: 8, dark: 7 },
  colors: { leaf },
  fontFamily: "'Figtree Variable', system-ui, sans-serif",
  headings: { fontFamily: "'Fraunces Variable', Georgia, serif", fontWeight: '600' },
  defaultRadius: 'md',
  cursorType: 'pointer',
  autoContrast: true,
  components: {
    Paper: { defaultProps: { withBorder: true, p: 'md' } },
    // A state is read whole, also in a narrow column.
    Badge: { styles: { root: { minWidth: 'max-content' } } },
    Table: { defaultProps: { verticalSpacing: 'xs' } },
    // A frame that scrolls must be reachable by keyboard.
    TableScrollContainer: { defaultProps: { type: 'native', tabIndex: 0 } },
  },
});

/** The theme where numbers are typed as in a locale: 12,50 in French. Whoever types the other sign is understood. */
export function themeFor(locale: string): MantineThemeOverride {
  const decimalSeparator = decimalSeparatorOf(locale);
  const NumberInput = { defaultProps: { decimalSeparator } };
  return { ...theme, components: { ...theme.components, NumberInput } };
}
