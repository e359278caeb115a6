// Lints samples that break a rule on purpose and prints which rules noticed, as JSON. Run by lint.spec.ts:
// ESLint's configuration is a module of its own, which jest's CommonJS mode cannot load.
import { ESLint } from 'eslint';

const samples = JSON.parse(process.argv[2] ?? '[]');
// Samples are in no tsconfig, so the rules that ask for types are left out.
const withoutTypes = {
  languageOptions: { parserOptions: { projectService: false } },
  rules: {
    '@typescript-eslint/await-thenable': 'off',
    '@typescript-eslint/no-floating-promises': 'off',
    '@typescript-eslint/no-misused-promises': 'off',
    '@typescript-eslint/consistent-type-imports': 'off',
    '@typescript-eslint/no-unused-vars': 'off',
  },
};
const eslint = new ESLint({ overrideConfig: withoutTypes });
const noticed = [];
for (const { path, text } of samples) {
  const [result] = await eslint.lintText(text, { filePath: path });
  noticed.push([...new Set(result.messages.map(({ ruleId, message }) => ruleId ?? message))].sort());
}
process.stdout.write(JSON.stringify(noticed));
