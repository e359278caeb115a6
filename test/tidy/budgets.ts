import ts from 'typescript';
import { isCode, isOfService, isSpec, type Finding, type Rule, type Source } from './sources.js';

const FILE_LINES = 300;
const SPEC_LINES = 500;
const FUNCTION_LINES = 70;
const DEPENDENCIES = 6;
const README_LINES = { least: 5, most: 30 };

/** Lines as people count them: a newline at the end begins no other. */
function linesOf(text: string): number {
  return text.replace(/\n$/, '').split('\n').length;
}

/** Files are at most 300 lines long, specs 500. */
export const filesAreShort: Rule = (sources) =>
  sources.filter(isCode).flatMap((source) => {
    const [lines, most] = [linesOf(source.text), isSpec(source) ? SPEC_LINES : FILE_LINES];
    return lines > most ? [{ path: source.path, message: `has ${lines} lines; at most ${most}` }] : [];
  });

/** Functions are at most 70 lines long, those that are mostly JSX and the blocks of `describe` aside. */
export const functionsAreShort: Rule = (sources) =>
  sources.filter(isCode).flatMap((source) => {
    const file = parsed(source);
    return nodesOf(file).flatMap((node) => {
      if (!ts.isFunctionLike(node) || !('body' in node) || !node.body || isAside(node)) return [];
      const [from, to] = [node.getStart(file), node.end].map(
        (at) => file.getLineAndCharacterOfPosition(at).line,
      );
      const lines = (to ?? 0) - (from ?? 0) + 1;
      if (lines <= FUNCTION_LINES) return [];
      const message = `a function has ${lines} lines; at most ${FUNCTION_LINES}`;
      return [{ path: source.path, line: (from ?? 0) + 1, message }];
    });
  });

/** Constructors take at most six dependencies. */
export const constructorsAreNarrow: Rule = (sources) =>
  sources.filter(isCode).flatMap((source) => {
    const file = parsed(source);
    return nodesOf(file).flatMap((node) => {
      if (!ts.isConstructorDeclaration(node) || node.parameters.length <= DEPENDENCIES) return [];
      const message = `a constructor takes ${node.parameters.length} parameters; at most ${DEPENDENCIES}`;
      return [{ path: source.path, line: lineOf(file, node), message }];
    });
  });

/** No file and no class has a name that says nothing. */
export const namesSaySomething: Rule = (sources) =>
  sources.filter(isCode).flatMap((source) => {
    const findings: Finding[] = [];
    const name = source.path.split('/').at(-1) ?? '';
    if (/^(utils?|helpers?|common|base)\b/.test(name))
      findings.push({ path: source.path, message: 'names nothing' });
    const file = parsed(source);
    for (const node of nodesOf(file)) {
      if (
        !ts.isClassDeclaration(node) ||
        !/(Manager|Utils?|Helpers?|Base|Common)$/.test(node.name?.text ?? '')
      )
        continue;
      findings.push({
        path: source.path,
        line: lineOf(file, node),
        message: `${node.name?.text} names nothing`,
      });
    }
    return findings;
  });

const ROLES = 'module main config controller consumer jobs service rules store entity fixture sql'.split(' ');
/** What the edge of the system needs besides, and nothing else: HTTP has requests, cookies, filters. */
const EDGE_ROLES =
  'app controllers cookie decorators document files filter headers hooks page pipe request response'.split(
    ' ',
  );

/** Files of services are named `<noun>.<role>.ts`, with roles of a closed list; migrations by their time. */
export const filesHaveARole: Rule = (sources) =>
  sources
    .filter((source) => isOfService(source) && isCode(source) && !isSpec(source))
    .flatMap(({ path }) => {
      const [, app = '', rest = ''] = /^apps\/([^/]+)\/src\/(.*)$/.exec(path) ?? [];
      const name = rest.split('/').at(-1) ?? '';
      if (name === 'main.ts' || /^migrations\/(?:\d+-[a-z0-9-]+|migrations)\.ts$/.test(rest)) return [];
      const role = /^[a-z0-9-]+\.([a-z]+)\.ts$/.exec(name)?.[1] ?? '';
      const allowed = app === 'gateway' ? [...ROLES, ...EDGE_ROLES] : ROLES;
      return allowed.includes(role)
        ? []
        : [{ path, message: `is not named <noun>.<role>.ts with a known role` }];
    });

/** A library has one index.ts, and there is none inside apps. */
export const indexesAreSingle: Rule = (sources) =>
  sources.flatMap(({ path }) => {
    if (!/^(libs|apps)\/.*\bindex\.tsx?$/.test(path)) return [];
    if (/^libs\/[^/]+\/src\/index\.ts$/.test(path) || path.startsWith('apps/web/src/text/')) return [];
    return [{ path, message: 'an index.ts belongs at the root of a library only' }];
  });

/** No test is focused, and none skipped without a reason written beside it. */
export const testsRun: Rule = (sources) =>
  sources
    .filter((source) => isSpec(source) && !isOfTheseRules(source))
    .flatMap(({ path, text }) => {
      const lines = text.split('\n');
      return lines.flatMap((line, index) => {
        const at = { path, line: index + 1 };
        if (/\b(?:f(?:it|describe)|(?:it|describe|test)\.only)\s*[.(]/.test(line))
          return [{ ...at, message: 'is focused' }];
        if (!/\b(?:x(?:it|describe|test)|(?:it|describe|test)\.(?:skip|todo))\s*[.(]/.test(line)) return [];
        return line.includes('//') || /^\s*\/\//.test(lines[index - 1] ?? '')
          ? []
          : [{ ...at, message: 'is skipped without a reason' }];
      });
    });

/** Nothing is left for later, and no path of one machine is written down. */
export const nothingIsLeftOver: Rule = (sources) =>
  sources
    .filter((source) => source.path !== 'package-lock.json' && !isOfTheseRules(source))
    .flatMap(({ path, text }) =>
      text.split('\n').flatMap((line, index) => {
        const word = /\b(?:TODO|FIXME|HACK)\b|(?:^|[\s"'`(])\/(?:work|home|root|Users)\/[a-z]/.exec(
          line,
        )?.[0];
        return word ? [{ path, line: index + 1, message: `has ${word.trim()}` }] : [];
      }),
    );

/** Every app and library has a README of about ten lines. */
export const projectsHaveReadmes: Rule = (sources) => {
  const paths = new Map(sources.map((source) => [source.path, source]));
  return sources.flatMap(({ path }) => {
    const project = /^((?:apps|libs)\/[^/]+)\/package\.json$/.exec(path)?.[1];
    if (!project) return [];
    const readme = paths.get(`${project}/README.md`);
    if (!readme) return [{ path, message: 'its project has no README.md' }];
    const lines = linesOf(readme.text);
    const isAboutTen = lines >= README_LINES.least && lines <= README_LINES.most;
    return isAboutTen ? [] : [{ path: readme.path, message: `has ${lines} lines; about ten are meant` }];
  });
};

/** The lock file names no registry, so that it works with any. */
export const lockFileNamesNoHost: Rule = (sources) =>
  sources
    .filter(({ path }) => path === 'package-lock.json' || path === '.npmrc')
    .flatMap(({ path, text }) =>
      text
        .split('\n')
        .flatMap((line, index) =>
          /"resolved": "(?!\.{0,2}\/?(?:apps|libs)\/)|registry\s*=/.test(line)
            ? [{ path, line: index + 1, message: 'names the host a package came from' }]
            : [],
        ),
    );

/** The rules' own files hold what breaks them. */
const isOfTheseRules = ({ path }: Source): boolean => path.startsWith('test/tidy');

/** The syntax tree of a file, with parents. */
export function parsed({ path, text }: Source): ts.SourceFile {
  const kind = path.endsWith('.tsx') ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
  return ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true, kind);
}

/** Every node of a tree, parents first. */
export function nodesOf(node: ts.Node): ts.Node[] {
  const nodes: ts.Node[] = [node];
  node.forEachChild((child) => void nodes.push(...nodesOf(child)));
  return nodes;
}

function lineOf(file: ts.SourceFile, node: ts.Node): number {
  return file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1;
}

/** Pages are mostly JSX, and suites are lists of tests: they are read piece by piece. */
function isAside(node: ts.Node): boolean {
  const calls = (inner: ts.Node, names: RegExp): boolean =>
    ts.isCallExpression(inner) && names.test(inner.expression.getText());
  const isJsx = (inner: ts.Node): boolean =>
    ts.isJsxElement(inner) || ts.isJsxSelfClosingElement(inner) || ts.isJsxFragment(inner);
  return (
    calls(node.parent, /^describe\b/) ||
    nodesOf(node).some((inner) => calls(inner, /^(?:describe|it|test)\b/) || isJsx(inner))
  );
}
