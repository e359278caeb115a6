import { DomainError, type ModelProblem, type NetworkModel, networkModel } from '@foodshed/contracts';
import { type Alias, type Document, isNode, LineCounter, parseDocument, visit } from 'yaml';
import type { z } from 'zod';
import { checkModel } from './check.rules.js';
import { tooMuchToRead } from './model-text.rules.js';

/** Nobody mends more at a time. */
const PROBLEMS_TOLD = 200;
const rank = { error: 0, warning: 1 };

/** The line of the deepest node of the text that a path leads to. */
function lineOf(document: Document, lines: LineCounter, path: readonly (string | number)[]): number {
  for (let length = path.length; length >= 0; length -= 1) {
    const node: unknown = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return Math.max(1, lines.linePos(node.range[0]).line);
  }
  return 1;
}

/** The first `*alias`: a short text with aliases can stand for a huge one, so none are read. */
function firstAlias(document: Document): Alias | undefined {
  let found: Alias | undefined;
  visit(document, {
    Alias: (_key, alias) => {
      found = alias;
      return visit.BREAK;
    },
  });
  return found;
}

/** What a value of the wrong shape is told, with the mend where the schema's own words have none. */
function mended(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') {
    return `${issue.keys.join(', ')}: there is no such key here; mend its name, or take it out`;
  }
  if (issue.code === 'invalid_union') {
    return 'the treatment must be standard, with a rate, or exempt, reverse-charge or outside-scope, with a reason';
  }
  if (issue.code === 'invalid_key') return issue.issues[0]?.message ?? issue.message;
  if (issue.code !== 'invalid_type') return issue.message;
  const isMissing = issue.message.endsWith('received undefined');
  return isMissing ? `${issue.message}; add it` : `${issue.message}; write it so`;
}

/** Reads and checks a model's text for an instance of this currency. Every problem has line, path and mend. */
export function readModel(
  source: string,
  currency: string,
): { model: NetworkModel | null; problems: ModelProblem[] } {
  const tooMuch = tooMuchToRead(source);
  if (tooMuch) return { model: null, problems: [{ ...tooMuch, path: '', severity: 'error' }] };
  const lines = new LineCounter();
  const document = parseDocument(source, {
    lineCounter: lines,
    uniqueKeys: true,
    maxAliasCount: 0,
  } as object);
  if (document.errors.length > 0) {
    const problems = document.errors.slice(0, PROBLEMS_TOLD).map((error) => ({
      line: error.linePos?.[0].line ?? 1,
      path: '',
      message: `this is not YAML: ${error.message.split('\n')[0]}`,
      severity: 'error' as const,
    }));
    return { model: null, problems };
  }
  const anchor = firstAlias(document);
  if (anchor) {
    const problem = {
      path: '',
      message: 'aliases (*name) are not used here; write it out',
      severity: 'error' as const,
    };
    return { model: null, problems: [{ ...problem, line: lines.linePos(anchor.range?.[0] ?? 0).line }] };
  }
  const parsed = networkModel.safeParse(document.toJS());
  const found = parsed.success
    ? checkModel(parsed.data, currency)
    : parsed.error.issues.map((issue) => ({
        path: issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part)),
        message: mended(issue),
        severity: 'error' as const,
      }));
  // Whatever is left out, an error that forbids the model is told.
  const told = [...found].sort((a, b) => rank[a.severity] - rank[b.severity]).slice(0, PROBLEMS_TOLD);
  const problems = told.map(({ path, message, severity }) => ({
    line: lineOf(document, lines, path),
    path: path.join('.'),
    message,
    severity,
  }));
  return { model: parsed.success ? parsed.data : null, problems };
}

/** The model of a text that may be used, with its warnings. @throws model-invalid with every problem */
export function soundModel(
  source: string,
  currency: string,
): { model: NetworkModel; problems: ModelProblem[] } {
  const { model, problems } = readModel(source, currency);
  if (model && problems.every((problem) => problem.severity !== 'error')) return { model, problems };
  throw new DomainError('model-invalid', {
    detail: 'The model was not accepted; each problem names its line and the mend.',
    fields: problems.map(({ line, path, message }) => ({ path: `line ${line}: ${path}`, message })),
  });
}
