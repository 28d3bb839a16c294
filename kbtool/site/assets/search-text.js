/* Words in the browser, cut and folded exactly as kbtool/search/language.py does it; and excerpts.
   A test holds the two together. Nothing here knows a language. */

const DENSE = "\\u0e00-\\u0eff\\u1000-\\u109f\\u1780-\\u17ff\\u3005-\\u3007\\u3040-\\u30ff\\u31f0-\\u31ff" +
  "\\u3400-\\u9fff\\uac00-\\ud7af\\uf900-\\ufaff\\u{20000}-\\u{3ffff}";
const WORD = /[\p{L}\p{N}\p{M}]+/gu;
const RUN = new RegExp(`[${DENSE}]+|[^${DENSE}]+`, "gu");
const IS_DENSE = new RegExp(`^[${DENSE}]`, "u");
const ACCENTS = /[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670]/g;
const LETTERS = {
  "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i",
  "ى": "ي", "ة": "ه", "ی": "ي", "ک": "ك",
};
const LETTER = new RegExp(`[${Object.keys(LETTERS).join("")}]`, "g");

/** What two spellings of one word have in common. */
export function fold(word) {
  const lower = word.toLowerCase();
  if (/^[\x00-\x7f]*$/.test(lower)) return lower;
  return lower.normalize("NFKD").replace(ACCENTS, "").normalize("NFKC").replace(LETTER, (c) => LETTERS[c]);
}

export const isDense = (word) => IS_DENSE.test(word);

/** The words of a text with their places: [{word, start, end}]; pairs of characters where no spaces part words. */
export function tokens(text) {
  const found = [];
  for (const match of text.matchAll(WORD)) {
    for (const { 0: run, index } of match[0].matchAll(RUN)) {
      const start = match.index + index;
      if (!isDense(run)) found.push({ word: run, start, end: start + run.length });
      else pairs(run, start, found);
    }
  }
  return found;
}

function pairs(run, start, found) {
  const letters = [...run];
  if (letters.length === 1) found.push({ word: run, start, end: start + run.length });
  for (let i = 0, at = start; i + 1 < letters.length; at += letters[i++].length) {
    const word = letters[i] + letters[i + 1];
    found.push({ word, start: at, end: at + word.length });
  }
}

const LENGTH = 170;

/** The section that answers best, and a piece of its text as [{text, hit}]; `weight(word)` is 0 for what is no hit. */
export function excerpt(sections, weight) {
  let best = null;
  for (const [anchor, heading, text] of sections) {
    const hits = hitsOf(text, weight);
    const score = sum(distinct(hits)) + 1.5 * sum(distinct(hitsOf(heading, weight))) + Math.min(hits.length, 9) / 100;
    if (!best || score > best.score) best = { anchor, heading, text, hits, score };
  }
  if (!best) return null;
  const { anchor, heading, text, hits } = best;
  return { anchor, heading, parts: text ? cut(text, hits) : cut(sections[0][2], []) };
}

/** A text in parts, hits apart from the rest. */
export function marked(text, weight) {
  return split(text, hitsOf(text, weight), 0, text.length);
}

function hitsOf(text, weight) {
  return tokens(text).map((token) => ({ ...token, ...weight(token.word) })).filter((token) => token.weight);
}

function distinct(hits) {
  const found = new Map();
  for (const hit of hits) found.set(hit.term, hit.weight);
  return found;
}

const sum = (weights) => [...weights.values()].reduce((a, b) => a + b, 0);

/** The window with the most, and the most different, hits. */
function cut(text, hits) {
  let from = 0;
  let most = -1;
  for (let i = 0; i < hits.length; i++) {
    const inside = hits.slice(i, i + 30).filter((hit) => hit.end <= hits[i].start + LENGTH - 30);
    const score = sum(distinct(inside)) + inside.length / 100;
    if (score > most) [most, from] = [score, hits[i].start];
  }
  const start = from < 40 ? 0 : wordStart(text, from - 30);
  const end = start + LENGTH >= text.length ? text.length : wordEnd(text, start + LENGTH);
  const parts = split(text, hits, start, end);
  if (start > 0) parts.unshift({ text: "… ", hit: false });
  if (end < text.length) parts.push({ text: " …", hit: false });
  return parts;
}

function wordStart(text, at) {
  const space = text.indexOf(" ", at);
  return space >= 0 && space < at + 25 ? space + 1 : at;
}

function wordEnd(text, at) {
  const space = text.lastIndexOf(" ", at);
  return space > at - 25 ? space : at;
}

function split(text, hits, start, end) {
  const parts = [];
  let at = start;
  for (const hit of hits) {
    if (hit.start < start || hit.end > end || hit.end <= at) continue;
    const from = Math.max(at, hit.start);
    if (from > at || !parts.length) parts.push({ text: text.slice(at, from), hit: false });
    const last = parts[parts.length - 1];
    if (last.hit) last.text += text.slice(from, hit.end);
    else parts.push({ text: text.slice(from, hit.end), hit: true });
    at = hit.end;
  }
  parts.push({ text: text.slice(at, end), hit: false });
  return parts.filter((part) => part.text);
}
