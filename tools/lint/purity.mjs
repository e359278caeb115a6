// Rules of this repository that no published plugin knows: what a file of decisions may touch.

/** Names whose call makes the same input give another answer. */
const IMPURE_CALLS = new Set(['newId', 'randomUUID', 'randomBytes', 'setTimeout', 'setInterval', 'fetch']);
const IMPURE_MEMBERS = new Set([
  'Date.now',
  'Math.random',
  'performance.now',
  'crypto.randomUUID',
  'process.env',
]);

function isAllowedSource(source, allowed) {
  if (allowed.includes(source)) return true;
  return /^\.{1,2}\//.test(source) && source.endsWith('.rules.js');
}

/** Decisions are pure: time, ids and rates come in as arguments, and only pure modules are imported. */
export const pureRules = {
  meta: {
    type: 'problem',
    docs: {
      description:
        'Files of decisions import only pure modules and call no clock, randomness or id generator.',
    },
    schema: [{ type: 'object', properties: { allow: { type: 'array', items: { type: 'string' } } } }],
    messages: {
      source: "A file of rules imports only contracts, money and other rules, not '{{source}}'.",
      call: "A file of rules is pure: '{{name}}' comes in as an argument.",
    },
  },
  create(context) {
    const allowed = context.options[0]?.allow ?? [];
    const checkSource = (node) => {
      if (node.source && !isAllowedSource(node.source.value, allowed)) {
        context.report({ node: node.source, messageId: 'source', data: { source: node.source.value } });
      }
    };
    const refuse = (node, name) => context.report({ node, messageId: 'call', data: { name } });
    return {
      ImportDeclaration: checkSource,
      ExportNamedDeclaration: checkSource,
      ExportAllDeclaration: checkSource,
      ImportExpression: (node) => refuse(node, 'import()'),
      NewExpression(node) {
        if (node.callee.name === 'Date' && node.arguments.length === 0) refuse(node, 'new Date()');
      },
      CallExpression({ callee }) {
        if (callee.type === 'Identifier' && (IMPURE_CALLS.has(callee.name) || callee.name === 'Date')) {
          refuse(callee, `${callee.name}()`);
        }
      },
      MemberExpression(node) {
        const name = `${node.object.name}.${node.property.name}`;
        if (IMPURE_MEMBERS.has(name)) refuse(node, name);
      },
    };
  },
};

/** A library that may import only these packages besides its own files. */
export const onlyPackages = {
  meta: {
    type: 'problem',
    docs: { description: 'A pure library imports nothing but the packages named.' },
    schema: [{ type: 'object', properties: { allow: { type: 'array', items: { type: 'string' } } } }],
    messages: { source: "This library may not import '{{source}}'." },
  },
  create(context) {
    const allowed = context.options[0]?.allow ?? [];
    const check = (node) => {
      const source = node.source?.value;
      if (source === undefined || source.startsWith('.') || allowed.includes(source)) return;
      context.report({ node: node.source, messageId: 'source', data: { source } });
    };
    return { ImportDeclaration: check, ExportNamedDeclaration: check, ExportAllDeclaration: check };
  },
};

export const foodshed = { rules: { 'pure-rules': pureRules, 'only-packages': onlyPackages } };
