/* Answer all queries with MiniSearch, as well as one can set it up: node minisearch.mjs FOLDER QUERIES OUT
   Folding, Snowball stems, Japanese segmented by Intl.Segmenter and cut into bigrams besides, compounds taken apart by the pages' own
   words, fields boosted, prefixes and typing errors allowed. */
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";

const [folder, queries, out] = process.argv.slice(2);
const require = createRequire(`${folder}/node/`);
const MiniSearch = require("minisearch");
const { newStemmer } = require("snowball-stemmers");
const NAMES = { de: "german", en: "english", es: "spanish" };
const read = (file) => JSON.parse(readFileSync(file, "utf8"));

const fold = (word) => word.normalize("NFKD").replace(/\p{M}/gu, "").normalize("NFKC").replace(/ß/g, "ss");
const words = (text) => text.normalize("NFKC").toLowerCase().match(/[\p{L}\p{N}\p{M}]+/gu) || [];

function japanese(text) {
  const found = [];
  for (const run of words(text).flatMap((word) => word.match(/[\u3040-\u30ff\u3400-\u9fff]+|[^\u3040-\u30ff\u3400-\u9fff]+/g))) {
    if (!/[\u3040-\u30ff\u3400-\u9fff]/.test(run)) found.push(run);
    else for (let i = 0; i + 1 < Math.max(run.length, 2); i++) found.push(run.slice(i, i + 2));
  }
  return found;
}

function parts(word, known) {
  for (let cut = word.length - 4; cut >= 4; cut--) {
    const first = word.slice(0, cut).replace(/(?<=....)(es|en|s|n)$/, "");
    const both = [known.has(word.slice(0, cut)) ? word.slice(0, cut) : first, word.slice(cut)];
    if (both.every((part) => known.has(part))) return both;
  }
  return [];
}

function engine(locale) {
  const pages = read(`${folder}/articles-${locale}.json`);
  const stemmer = NAMES[locale] && newStemmer(NAMES[locale]);
  const known = new Set(locale === "de" ? pages.flatMap((page) => words(`${page.title} ${page.headings} ${page.text}`)) : []);
  const index = new MiniSearch({
    idField: "url",
    fields: ["title", "headings", "text"],
    tokenize: (text) => (locale === "ja" ? japanese(text) : words(text).flatMap((word) => [word, ...parts(word, known)])),
    processTerm: (word) => fold(stemmer ? stemmer.stem(word) : word),
    searchOptions: {
      boost: { title: 4, headings: 2 },
      prefix: (term, i, terms) => i === terms.length - 1 && term.length > 1,
      fuzzy: (term) => (term.length > 3 && locale !== "ja" ? 0.2 : false),
      weights: { fuzzy: 0.35, prefix: 0.4 },
    },
  });
  index.addAll(pages);
  return index;
}

const engines = new Map();
const answers = read(queries).map(({ locale, text }) => {
  if (!engines.has(locale)) engines.set(locale, engine(locale));
  return engines.get(locale).search(text).slice(0, 5).map(({ id }) => id);
});
writeFileSync(out, JSON.stringify(answers));
