/* Answer all queries with kbtool's own search: node ours.mjs ASSETS SITE QUERIES OUT */
import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [assets, site, queries, out] = process.argv.slice(2);
const { load, search } = await import(pathToFileURL(`${assets}/search-index.js`));
const read = (file) => JSON.parse(readFileSync(file, "utf8"));
const indexes = new Map();
const answers = read(queries).map(({ locale, text }) => {
  const root = locale === "en" ? "" : `${locale}/`;
  if (!indexes.has(locale)) indexes.set(locale, load(read(`${site}/${root}search/index.json`)));
  const index = indexes.get(locale);
  return search(index, text, { limit: 5 }).hits.map(({ page }) => root + index.pages[page][0]);
});
writeFileSync(out, JSON.stringify(answers));
