/* From what was typed to stems. A word is looked for as it is, then as the beginning of a word, with a typing error or
   two, as a compound of two words, and by a common beginning. No language is known here: all forms are in the index. */

import { fold, isDense, tokens } from "./search-text.js";

const RARE = 2; // a compound in so few pages is also looked for by its parts

/** The words of a query, each with the stems it may mean and how sure that is. */
export function termsOf(index, query) {
  const seen = new Set();
  const terms = [];
  for (const { word, start, end } of tokens(query.normalize("NFKC"))) {
    const folded = fold(word);
    if (seen.has(folded)) continue;
    seen.add(folded);
    terms.push({ word: folded, start, end, typing: false });
  }
  const last = terms[terms.length - 1];
  if (last) last.typing = /\S$/.test(query);
  for (const term of terms) Object.assign(term, expand(index, term));
  addSynonyms(index, terms);
  return terms;
}

/** The stems a typed word may mean, each with how sure that is; and the word it was most probably meant to be. */
function expand(index, { word, typing }) {
  const found = new Map();
  const add = (i, sure) => {
    for (const stem of index.stems[i]) if ((found.get(stem) || 0) < sure) found.set(stem, sure);
  };
  const exact = index.at.get(word);
  if (exact !== undefined) add(exact, 1);
  if (isDense(word)) {
    if (exact === undefined && [...word].length === 1) beginnings(index, word, (i) => add(i, 0.5));
    return { stems: found, exact: exact !== undefined };
  }
  let begun = false;
  if (word.length > 1 && (typing || exact === undefined)) {
    const most = exact === undefined ? 0.7 : 0.3;
    begun = beginnings(index, word, (i) => add(i, 0.1 + (most * word.length) / index.words[i].length)) > 0;
  }
  if (exact !== undefined) {
    if (spread(index, exact) <= RARE) compound(index, word, add, 0.35);
    return { stems: found, exact: true };
  }
  const near = nearest(index, word);
  if (found.size < 4) for (const { i, sure } of near) add(i, sure);
  const composed = !near.some(({ edits }) => edits === 1) && compound(index, word, add, 0.6);
  if (!found.size) kin(index, word, add);
  return { stems: found, exact: false, meant: begun || composed ? undefined : near[0]?.i };
}

const MOST_BEGINNINGS = 60;

function beginnings(index, start, use) {
  const { words } = index;
  let n = 0;
  for (let i = lowerBound(words, start); i < words.length && words[i].startsWith(start) && n < MOST_BEGINNINGS; i++, n++) {
    if (words[i] !== start) use(i);
  }
  return n;
}

function lowerBound(words, word) {
  let low = 0;
  let high = words.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (words[middle] < word) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The words one typing error away, or two for a long word; those with the first letter right come first. */
function nearest(index, word) {
  if (word.length < 4) return [];
  const most = word.length > 7 ? 2 : 1;
  const near = [];
  for (let i = 0; i < index.words.length; i++) {
    const other = index.words[i];
    if (Math.abs(other.length - word.length) > most) continue;
    const edits = distance(word, other, most);
    if (edits <= most && !isDense(other)) near.push({ i, edits, cost: edits + (other[0] === word[0] ? 0 : 0.5) });
  }
  near.sort((a, b) => a.cost - b.cost || spread(index, b.i) - spread(index, a.i));
  return near
    .filter(({ cost }) => cost <= near[0].cost + 0.5)
    .map((found) => ({ ...found, sure: found.cost <= 1.5 ? 0.6 : 0.35 }));
}

const spread = (index, i) => Math.max(...index.stems[i].map((stem) => index.posts[stem].pages.length));

/* Three rows of the table of edits, used again and again: a search looks at thousands of words. */
let [before, last, row] = [new Uint8Array(64), new Uint8Array(64), new Uint8Array(64)];

/** Edits between two words (Damerau–Levenshtein, adjacent swaps count one), or `most` + 1 as soon as it is more. */
function distance(a, b, most) {
  if (a.length > 62 || b.length > 62) return most + 1;
  for (let j = 0; j <= b.length; j++) last[j] = j;
  for (let i = 1; i <= a.length; i++) {
    const letter = a.charCodeAt(i - 1);
    row[0] = i;
    let best = i;
    for (let j = 1; j <= b.length; j++) {
      const other = b.charCodeAt(j - 1);
      let edits = last[j - 1] + (letter === other ? 0 : 1);
      if (last[j] + 1 < edits) edits = last[j] + 1;
      if (row[j - 1] + 1 < edits) edits = row[j - 1] + 1;
      const swapped = i > 1 && j > 1 && letter === b.charCodeAt(j - 2) && a.charCodeAt(i - 2) === other;
      if (swapped && before[j - 2] + 1 < edits) edits = before[j - 2] + 1;
      row[j] = edits;
      if (edits < best) best = edits;
    }
    if (best > most) return most + 1;
    [before, last, row] = [last, row, before];
  }
  return last[b.length];
}

/** Two known words written as one, with or without a link between them. */
function compound(index, word, add, sure) {
  for (let cut = word.length - 4; cut >= 4; cut--) {
    const head = index.at.get(word.slice(cut));
    if (head === undefined) continue;
    const start = word.slice(0, cut);
    const first = index.at.get(start) ?? index.at.get(start.replace(/(es|en|s|n)$/, ""));
    if (first === undefined) continue;
    add(first, sure);
    add(head, sure);
    return true;
  }
  return false;
}

/** Words that begin alike: forms that the articles do not use. */
function kin(index, word, add) {
  const shared = Math.max(4, Math.ceil(word.length * 0.6));
  if (word.length < 5) return;
  beginnings(index, word.slice(0, shared), (i) => {
    const other = index.words[i];
    if (other.length > word.length + 4) return;
    let same = shared;
    while (same < word.length && word[same] === other[same]) same++;
    add(i, (0.6 * 2 * same) / (word.length + other.length));
  });
}

/** A rule of the synonyms file applies where its term's stems stand in a row in the query. */
function addSynonyms(index, terms) {
  const before = terms.map((term) => new Map(term.stems));
  for (const [term, others] of index.synonyms) {
    for (let at = 0; at + term.length <= terms.length; at++) {
      const sure = Math.min(...term.map((stem, i) => before[at + i].get(stem) || 0));
      if (sure < 0.5) continue;
      for (let i = at; i < at + term.length; i++) {
        for (const other of others) {
          for (const stem of other) {
            const now = (0.8 * sure) / Math.sqrt(other.length);
            if ((terms[i].stems.get(stem) || 0) < now) terms[i].stems.set(stem, now);
          }
        }
        terms[i].exact = true;
      }
    }
  }
}

/** The query with each unknown word replaced by the known one it comes nearest to; null if there is nothing to mend. */
export function suggestion(index, query, terms) {
  const text = query.normalize("NFKC");
  let mended = "";
  let at = 0;
  for (const { start, end, exact, meant } of terms) {
    if (exact || meant === undefined) continue;
    mended += text.slice(at, start) + index.written[meant];
    at = end;
  }
  return at ? mended + text.slice(at) : null;
}
