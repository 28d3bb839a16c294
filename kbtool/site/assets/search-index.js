/* The search itself: an index made by kbtool/search/index.py, asked with what a reader typed.
   A word is looked for as it is, then as the beginning of a word, with a typing error or two, as a compound of two
   words, and by a common beginning. No language is known here: all forms and stems are in the index. */

import { fold, isDense, tokens } from "./search-text.js";

const FORMAT = 1;
/* Settled with benchmarks/search: what a missing term costs, and what it is worth that the query is the title. */
const MISSING = 1.5;
const TITLED = 0.5;
const COMMON = 0.8; // readings nearly as sure as the surest count as likely
const RARE = 2; // a compound in so few pages is also looked for by its parts

/** Make an index searchable; throws if it was made for another version of this file. */
export function load(json) {
  if (json.format !== FORMAT) throw new Error(`search index of format ${json.format}`);
  const written = json.words.split("\n");
  const words = written.map(fold);
  const { stems, count } = readStems(json.stems, words.length);
  const at = new Map(words.map((word, i) => [word, i]));
  const stemsOf = (word) => stems[at.get(fold(word))] || [];
  const titles = json.pages.map(([, title]) => tokens(title.normalize("NFKC")).map(({ word }) => stemsOf(word)));
  return { ...json, written, words, stems, at, titles, posts: readPosts(json, count) };
}

/** The pages that answer, best first: {hits: [{page, score}], total, terms, suggestion, counts, weight}. */
export function search(index, query, { limit = 10, filters = {} } = {}) {
  const terms = termsOf(index, query);
  const scores = score(index, terms);
  const found = [];
  for (let page = 0; page < index.pages.length; page++) if (scores[page] > 0) found.push({ page, score: scores[page] });
  const hits = found.filter(({ page }) => passes(index, page, filters));
  hits.sort((a, b) => b.score - a.score || a.page - b.page);
  return {
    hits: hits.slice(0, limit),
    total: hits.length,
    terms: terms.map((term) => term.word),
    suggestion: suggestion(index, query, terms),
    counts: counts(index, found, filters),
    weight: weigher(index, terms),
  };
}

/* ---- reading the index ---- */

/* The other end of kbtool/search/pack.py. */
function* unpack(text) {
  let number = 0;
  let times = 1;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const digit = code === 33 ? 0 : code < 92 ? code - 34 : code - 35;
    if (digit < 60) {
      yield number + digit * times;
      number = 0;
      times = 1;
    } else {
      number += (digit - 60) * times;
      times *= 32;
    }
  }
}

function readStems(text, words) {
  const numbers = unpack(text);
  const next = () => numbers.next().value;
  const stems = [];
  let count = 0;
  for (let word = 0; word < words; word++) {
    const own = [];
    for (let n = next(); n > 0; n--) {
      const back = next();
      own.push(count - back);
      if (back === 0) count++;
    }
    stems.push(own);
  }
  return { stems, count };
}

function readPosts(json, count) {
  const gaps = unpack(json.gaps);
  const impacts = unpack(json.impacts);
  const posts = [];
  for (const size of unpack(json.counts)) {
    const pages = new Uint32Array(size);
    const weights = new Uint8Array(size);
    for (let i = 0, page = 0; i < size; i++) {
      page += gaps.next().value;
      pages[i] = page;
      weights[i] = impacts.next().value;
    }
    posts.push({ pages, weights });
  }
  if (posts.length !== count) throw new Error("search index is damaged");
  return posts;
}

/* ---- from what was typed to stems ---- */

function termsOf(index, query) {
  const seen = new Set();
  const terms = [];
  for (const { word, start, end } of tokens(query.normalize("NFKC"))) {
    const folded = fold(word);
    if (seen.has(folded)) continue;
    seen.add(folded);
    terms.push({ word: folded, start, end, typing: false });
  }
  const last = terms[terms.length - 1];
  if (last) last.typing = last.end === query.normalize("NFKC").trimStart().length || /[^\s]$/.test(query);
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
    if (Math.abs(other.length - word.length) > most || isDense(other)) continue;
    const edits = distance(word, other, most);
    if (edits <= most) near.push({ i, edits, cost: edits + (other[0] === word[0] ? 0 : 0.5) });
  }
  near.sort((a, b) => a.cost - b.cost || spread(index, b.i) - spread(index, a.i));
  return near
    .filter(({ cost }) => cost <= near[0].cost + 0.5)
    .map((found) => ({ ...found, sure: found.cost <= 1.5 ? 0.6 : 0.35 }));
}

const spread = (index, i) => Math.max(...index.stems[i].map((stem) => index.posts[stem].pages.length));

/** Edits between two words (Damerau–Levenshtein, adjacent swaps count one), or `most` + 1 as soon as it is more. */
function distance(a, b, most) {
  let before = null;
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    let best = i;
    for (let j = 1; j <= b.length; j++) {
      let edits = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) edits = Math.min(edits, before[j - 2] + 1);
      row.push(edits);
      if (edits < best) best = edits;
    }
    if (best > most) return most + 1;
    before = last;
    last = row;
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

/* ---- from stems to pages ---- */

const rarity = (index, pages) => Math.log(1 + (index.pages.length - pages + 0.5) / (pages + 0.5));

/** For each page the sum over terms of the best stem's impact times its rarity; missing terms cost. */
function score(index, terms) {
  const scores = new Float64Array(index.pages.length);
  const met = new Uint16Array(index.pages.length);
  let known = 0;
  for (const { stems } of terms) {
    const best = new Map();
    const common = commonness(index, stems);
    for (const [stem, sure] of stems) {
      const { pages, weights } = index.posts[stem];
      const rare = rarity(index, Math.max(pages.length, common));
      for (let i = 0; i < pages.length; i++) {
        const worth = sure * rare * weights[i];
        if ((best.get(pages[i]) || 0) < worth) best.set(pages[i], worth);
      }
    }
    if (best.size) known++;
    for (const [page, worth] of best) {
      scores[page] += worth;
      met[page]++;
    }
  }
  for (let page = 0; page < scores.length; page++) {
    if (met[page]) scores[page] *= (met[page] / known) ** MISSING * (1 + titled(index.titles[page], terms));
  }
  return scores;
}

/** In how many pages the likeliest reading of a word is: its rarer readings must not count for more than that one. */
function commonness(index, stems) {
  const surest = Math.max(...stems.values());
  let most = 0;
  for (const [stem, sure] of stems) if (sure >= surest * COMMON) most = Math.max(most, index.posts[stem].pages.length);
  return most;
}

/** How much the query is this title: 0 if they share nothing, most if each has every word of the other. */
function titled(title, terms) {
  let asked = 0;
  const said = title.map(() => 0);
  for (const { stems } of terms) {
    let most = 0;
    title.forEach((own, i) => {
      const sure = Math.max(0, ...own.map((stem) => stems.get(stem) || 0));
      said[i] = Math.max(said[i], sure);
      most = Math.max(most, sure);
    });
    asked += most;
  }
  const all = said.reduce((a, b) => a + b, 0);
  return TITLED * (all / (title.length || 1)) * (asked / terms.length);
}

function passes(index, page, filters, except) {
  return Object.entries(filters).every(([facet, value]) => {
    const { names, of } = index.facets[facet] || { names: [], of: [] };
    return facet === except || !value || names[of[page]] === value;
  });
}

/** How many pages each value of each facet would leave, the other filters kept. */
function counts(index, found, filters) {
  const result = {};
  for (const [facet, { names, of }] of Object.entries(index.facets)) {
    const sums = names.map(() => 0);
    for (const { page } of found) if (of[page] >= 0 && passes(index, page, filters, facet)) sums[of[page]]++;
    result[facet] = names.map((name, i) => ({ name, count: sums[i] }));
  }
  return result;
}

/** The query with each unknown word replaced by the known one it comes nearest to; null if there is nothing to mend. */
function suggestion(index, query, terms) {
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

/** A function that says of a word in a text which term it answers, and how rare that is: for excerpts. */
function weigher(index, terms) {
  const known = new Map();
  return (word) => {
    const folded = fold(word.normalize("NFKC"));
    let answer = known.get(folded);
    if (!answer) {
      answer = { term: -1, weight: 0 };
      const own = index.stems[index.at.get(folded)] || [];
      terms.forEach(({ stems }, term) => {
        for (const stem of own) {
          const sure = stems.get(stem) || 0;
          const weight = sure * rarity(index, index.posts[stem].pages.length);
          if (sure >= 0.3 && weight > answer.weight) answer = { term, weight };
        }
      });
      known.set(folded, answer);
    }
    return answer;
  };
}
