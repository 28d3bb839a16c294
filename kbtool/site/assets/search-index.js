/* The search itself: an index made by kbtool/search/index.py, asked with what a reader typed. */

import { suggestion, termsOf } from "./search-terms.js";
import { fold, isDense, tokens } from "./search-text.js";

const FORMAT = 2;
/* As in kbtool/search/pack.py. */
const LAST = 60;
const ASCII = Array.from({ length: 94 }, (_, n) => String.fromCharCode(33 + n)).filter((char) => !'"\\=&%<'.includes(char));
const DIGITS = [...ASCII.slice(0, LAST - 4), ..."¡¢£¤", ...ASCII.slice(LAST - 4)];
const VALUES = new Uint8Array(256);
DIGITS.forEach((char, value) => (VALUES[char.charCodeAt(0)] = value));
/* Settled with benchmarks/search: what a missing term costs, and what it is worth that the query is the title. */
const MISSING = 1.5;
const TITLED = 0.5;
const COMMON = 0.8; // readings nearly as sure as the surest count as likely

/** Make an index searchable; throws if it was made for another version of this file. */
export function load(json) {
  if (json.format !== FORMAT) throw new Error(`search index of format ${json.format}`);
  const written = json.words.split("\n");
  const words = written.map((word) => (isDense(word) ? word : fold(word))); // pairs are written folded
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
function unpack(text) {
  const numbers = new Uint32Array(text.length);
  let count = 0;
  let times = 1;
  for (let i = 0; i < text.length; i++) {
    const digit = VALUES[text.charCodeAt(i)];
    if (digit < LAST) {
      numbers[count++] += digit * times;
      times = 1;
    } else {
      numbers[count] += (digit - LAST) * times;
      times *= 32;
    }
  }
  return numbers.subarray(0, count);
}

function readStems(text, words) {
  const numbers = unpack(text);
  const stems = [];
  let count = 0;
  for (let word = 0, at = 0; word < words; word++) {
    const own = [];
    for (let n = numbers[at++]; n > 0; n--) {
      const back = numbers[at++];
      own.push(count - back);
      if (back === 0) count++;
    }
    stems.push(own);
  }
  return { stems, count };
}

function readPosts(json, count) {
  const sizes = unpack(json.counts);
  const pages = unpack(json.gaps);
  const weights = unpack(json.impacts);
  const posts = [];
  let from = 0;
  for (const size of sizes) {
    for (let i = from + 1; i < from + size; i++) pages[i] += pages[i - 1];
    posts.push({ pages: pages.subarray(from, from + size), weights: weights.subarray(from, from + size) });
    from += size;
  }
  if (posts.length !== count || from !== weights.length) throw new Error("search index is damaged");
  return posts;
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
