import type { ModelRule, NetworkModel } from '@foodshed/contracts';

const COLUMN = 220;
const GAP = 90;
const PADDING = 12;
const LINE = 18;
const ROW_GAP = 18;
/** What fits in one line of a box: letters are some 7 units wide. */
const LETTERS = Math.floor((COLUMN - 2 * PADDING) / 7);

interface Box {
  readonly title: string;
  readonly lines: readonly string[];
  readonly x: number;
  y: number;
}

const heightOf = (box: Box): number => 2 * PADDING + LINE * (1 + box.lines.length);
const middleOf = (box: Box): number => box.y + heightOf(box) / 2;

// XML has no control characters, not even escaped.
const escaped = (text: string): string =>
  text
    .replace(/\p{Cc}/gu, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');

/** The words in lines of at most `LETTERS`; a longer word is cut, and what is beyond `most` lines left out. */
function wrapped(text: string, most: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/u).map((each) => Array.from(each).slice(0, LETTERS).join(''))) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= LETTERS)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  if (lines.length <= most) return lines;
  return [...lines.slice(0, most - 1), `${lines[most - 1]!.slice(0, LETTERS - 1)}…`];
}

function rateOf(rule: ModelRule): string {
  if (rule.rate) return rule.rate;
  if (rule.tiers) return rule.tiers.map(({ rate }) => rate).join(' / ');
  return Object.entries(rule.perUnit ?? {})
    .map(([currency, amount]) => `${amount.toFixed(2)} ${currency}`)
    .join(' / ');
}

/** The rates of the shares that pay a function, as the model writes them; empty for one that no sale pays. */
function ratesOf(model: NetworkModel, functionName: string): string[] {
  const { residual, shares } = model.splits['paid-sale'];
  const own = shares
    .filter((share) => share.function === functionName)
    .flatMap((share) => share.rules.map((rule) => `${share.id}: ${rateOf(rule)}`));
  return functionName === 'producing' && residual === 'producer' ? [...own, 'all the rest'] : own;
}

/** Puts boxes under each other, around the middle of a drawing this high. */
function stack(boxes: readonly Box[], height: number): void {
  const total = boxes.reduce((sum, box) => sum + heightOf(box) + ROW_GAP, -ROW_GAP);
  let y = (height - total) / 2;
  for (const box of boxes) {
    box.y = y;
    y += heightOf(box) + ROW_GAP;
  }
}

function drawBox(box: Box, kind: 'function' | 'flow'): string {
  const text = [box.title, ...box.lines].map(
    (line, index) =>
      `<text x="${box.x + PADDING}" y="${box.y + PADDING + LINE * index + 13}"${index === 0 ? ' class="title"' : ''}>${escaped(line)}</text>`,
  );
  return `<g class="${kind}"><rect x="${box.x}" y="${box.y}" width="${COLUMN}" height="${heightOf(box)}" rx="8"/>${text.join('')}</g>`;
}

function drawArrow(from: Box, to: Box): string {
  const [x1, y1, x2, y2] = [from.x + COLUMN, middleOf(from), to.x - 2, middleOf(to)];
  const bend = GAP / 2;
  return `<path class="arrow" marker-end="url(#head)" d="M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}"/>`;
}

/**
 * The model as an SVG drawing: on the left who gives, in the middle what flows, on the right who receives it, with the
 * rates of its shares. Functions that no flow names stand on the right alone. Its words are the model's own.
 */
export function drawModel(model: NetworkModel): string {
  const box = (name: string, column: number, isPaid: boolean): Box => ({
    title: wrapped(name, 1)[0] ?? '',
    lines: [...wrapped(model.functions[name]?.does ?? '', 3), ...(isPaid ? ratesOf(model, name) : [])],
    x: column * (COLUMN + GAP),
    y: 0,
  });
  const givers = [...new Set(model.flows.map((flow) => flow.from))];
  const silent = Object.keys(model.functions).filter((name) => !givers.includes(name));
  const receivers = [...new Set([...model.flows.map((flow) => flow.to), ...silent])];
  const left = new Map(givers.map((name) => [name, box(name, 0, !receivers.includes(name))]));
  const right = new Map(receivers.map((name) => [name, box(name, 2, true)]));
  // By giver, so that few arrows cross.
  const byGiver = [...model.flows].sort((a, b) => givers.indexOf(a.from) - givers.indexOf(b.from));
  const flows = byGiver.map((flow) => ({
    ...flow,
    box: { title: wrapped(flow.id, 1)[0] ?? '', lines: wrapped(flow.what, 3), x: COLUMN + GAP, y: 0 },
  }));
  const columns = [[...left.values()], flows.map((flow) => flow.box), [...right.values()]];
  const high = (boxes: readonly Box[]): number =>
    boxes.reduce((sum, each) => sum + heightOf(each) + ROW_GAP, 0);
  const height = Math.max(ROW_GAP, ...columns.map(high));
  for (const boxes of columns) stack(boxes, height);
  const width = 3 * COLUMN + 2 * GAP;
  const drawn = [
    ...flows.flatMap((flow) => [
      drawArrow(left.get(flow.from)!, flow.box),
      drawArrow(flow.box, right.get(flow.to)!),
    ]),
    ...columns.flatMap((boxes, index) =>
      boxes.map((each) => drawBox(each, index === 1 ? 'flow' : 'function')),
    ),
  ];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="-4 0 ${width + 8} ${height}" width="${width + 8}" height="${height}" role="img">`,
    `<title>${escaped(model.name)}</title>`,
    '<style>text{font:13px system-ui,sans-serif;fill:#1f2a22}.title{font-weight:600}rect{stroke:#2f6b3c;stroke-width:1.5}',
    '.function rect{fill:#eff7ef}.flow rect{fill:#fff;stroke:#a08a5b;stroke-dasharray:4 3}',
    '.arrow{fill:none;stroke:#6b7a6e;stroke-width:1.5}</style>',
    '<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto">',
    '<path d="M0 0L8 4L0 8z" fill="#6b7a6e"/></marker></defs>',
    ...drawn,
    '</svg>',
  ].join('');
}
