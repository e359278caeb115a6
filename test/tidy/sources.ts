import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '@foodshed/testing';

/** A file as the rules of the repository see it; `path` is relative to its root. */
export interface Source {
  readonly path: string;
  readonly text: string;
}

/** What a rule found: where, and what to do. */
export interface Finding {
  readonly path: string;
  readonly line?: number;
  readonly message: string;
}

/** A rule over all files at once; it finds nothing in a tidy repository. */
export type Rule = (sources: readonly Source[]) => Finding[];

const TEXT = /\.(ts|tsx|mjs|json|md|yaml|yml|css|html|sql|sh)$/;

/** Every text file that git knows or would add, without what is generated. */
export function repositorySources(): Source[] {
  const root = repositoryRoot();
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 16 * 1024 * 1024,
  });
  return listed
    .split('\0')
    .filter((path) => TEXT.test(path) && existsSync(join(root, path)))
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
}

export const isCode = ({ path }: Source): boolean => /\.(ts|tsx|mjs)$/.test(path) && !path.endsWith('.d.ts');
export const isSpec = ({ path }: Source): boolean => /\.spec\.tsx?$/.test(path);
export const isOfService = ({ path }: Source): boolean =>
  /^apps\/[^/]+\/src\//.test(path) && !path.startsWith('apps/web/');
