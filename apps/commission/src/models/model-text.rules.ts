/** A model is some thousand characters and eight levels deep; what a parser is given stays within easy reach of both. */
export const MODEL_CHARACTERS = 60_000;
export const MODEL_DEPTH = 32;
const MODEL_INDENT = 120;

/**
 * What keeps a text from the parser, or null: each level of a text costs the parser stack, and each key of a mapping
 * is compared with the others, so that a short text could stop the whole service. The line counts from 1.
 */
export function tooMuchToRead(source: string): { line: number; message: string } | null {
  if (source.length > MODEL_CHARACTERS) {
    return { line: 1, message: `the text is longer than ${MODEL_CHARACTERS} characters` };
  }
  let brackets = 0;
  for (const [index, text] of source.split(/\r\n|\r|\n/).entries()) {
    const indent = /^[ \t]*/.exec(text)?.[0].length ?? 0;
    // `- - - a` and `? ? a` are as many levels.
    const marks = /^(?:[-?:][ \t]+)*/.exec(text.slice(indent))?.[0].match(/[-?:]/g)?.length ?? 0;
    let deepest = marks;
    for (const character of text) {
      if (character === '[' || character === '{') brackets += 1;
      else if (character === ']' || character === '}') brackets = Math.max(0, brackets - 1);
      deepest = Math.max(deepest, brackets);
    }
    if (deepest > MODEL_DEPTH || indent > MODEL_INDENT) {
      return { line: index + 1, message: `this is nested deeper than ${MODEL_DEPTH} levels` };
    }
  }
  return null;
}
