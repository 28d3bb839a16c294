/* The search form in the header and the search page. Nothing but this small file is loaded before search is used.
   Events for analytics: `kbtool:search` on document, with {query, terms, results, suggestion, filters, locale}. */

import { Results } from "./search-results.js";

const SETTLED = 1000; // ms without typing, after which a query counts as asked
const IN_LIST = 8;
const ON_PAGE = 20;

const indexes = new Map();

/** The index and the code that reads it, fetched once; a failed fetch is tried again the next time. */
function indexAt(url) {
  if (!indexes.has(url)) {
    const loading = Promise.all([
      import("./search-index.js"),
      fetch(new URL("index.json", url), { cache: "no-cache" }).then(ok),
    ]).then(([{ load, search }, json]) => ({ index: load(json), search }));
    loading.catch(() => indexes.delete(url));
    indexes.set(url, loading);
  }
  return indexes.get(url);
}

function ok(response) {
  if (!response.ok) throw new Error(`${response.status} ${response.url}`);
  return response.json();
}

/** What both places share: ask, show, tell. */
class Search {
  constructor(form, output, options) {
    this.form = form;
    this.input = form.elements.q;
    this.index = new URL(form.dataset.index, location.href);
    if (!this.index.pathname.endsWith("/")) this.index.pathname += "/";
    this.filters = {};
    this.limit = options.limit;
    this.results = new Results(output, {
      ...options,
      root: new URL(form.dataset.root, location.href),
      contact: form.dataset.contact,
      texts: (name) => fetch(new URL(`${name}.json`, this.index)).then(ok),
      mend: (query) => this.type(query),
      filter: (facet, value) => this.filter(facet, value),
      more: () => this.more(),
    });
    this.typing = false;
    this.input.addEventListener("compositionstart", () => (this.typing = true));
    this.input.addEventListener("compositionend", () => {
      this.typing = false;
      this.ask();
    });
    this.input.addEventListener("input", (event) => event.isComposing || this.ask());
  }

  prepare() {
    indexAt(this.index.href).catch(() => {});
  }

  type(query) {
    this.input.value = query;
    this.input.focus();
    this.ask();
  }

  filter(facet, value) {
    this.filters = { ...this.filters, [facet]: value };
    this.ask();
  }

  more() {
    this.limit += ON_PAGE;
    this.ask();
  }

  async ask() {
    const query = this.input.value.trim(); // the search itself sees the space that ends a word
    const turn = (this.turn = (this.turn || 0) + 1);
    clearTimeout(this.timer);
    if (!query) return this.results.clear();
    try {
      const { index, search } = await indexAt(this.index.href);
      if (turn !== this.turn) return undefined;
      const answer = search(index, this.input.value, { limit: this.limit, filters: this.filters });
      this.answer = { query, ...answer, locale: index.locale };
      this.results.show(index, query, answer, this.filters);
      this.asked?.(query);
      this.timer = setTimeout(() => this.tell(), SETTLED);
    } catch (error) {
      console.error(error);
      this.results.fail();
    }
    return undefined;
  }

  /** Say what was asked, once per question: after a pause, or when a result is chosen. */
  tell() {
    clearTimeout(this.timer);
    if (!this.answer) return;
    const { query, terms, total, suggestion, locale } = this.answer;
    const detail = { query, terms, results: total, suggestion, filters: this.filters, locale };
    const told = JSON.stringify(detail);
    if (told === this.told) return;
    this.told = told;
    document.dispatchEvent(new CustomEvent("kbtool:search", { detail }));
  }
}

/* ---- the form in the header ---- */

function header(form) {
  const toggle = document.getElementById("__search"); // Material's: opens the form on phones, widens it elsewhere
  const search = new Search(form, document.querySelector(".kb-search .kb-results"), { limit: IN_LIST, pages: form.action });
  const { input, results } = search;
  results.onchange = (open) => input.setAttribute("aria-expanded", String(open));

  const open = (yes) => {
    if (toggle.checked !== yes) {
      toggle.checked = yes;
      toggle.dispatchEvent(new Event("change"));
    }
  };
  toggle.addEventListener("change", () => (toggle.checked ? input.focus() : input.blur()));
  input.addEventListener("focus", () => {
    search.prepare();
    open(true);
    if (input.value && !search.answer) search.ask();
  });
  form.addEventListener("reset", () => setTimeout(() => search.type(""), 0));
  form.addEventListener("submit", (event) => {
    search.tell();
    if (!input.value.trim()) event.preventDefault();
  });
  document.querySelector(".kb-search").addEventListener("click", (event) => event.target.closest("a[href]") && search.tell());
  document.addEventListener("pointerdown", (event) => {
    if (toggle.checked && !event.target.closest(".kb-search, [for=__search], #__search")) open(false);
  });

  input.addEventListener("keydown", (event) => {
    if (event.isComposing || search.typing || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "ArrowDown") results.move(1);
    else if (event.key === "ArrowUp") results.move(-1);
    else if (event.key === "Enter" && results.current) results.current.click();
    else if (event.key === "Escape") input.value && results.open ? results.clear() : open(false);
    else return;
    event.preventDefault();
    input.setAttribute("aria-activedescendant", results.current?.id || "");
  });
  input.addEventListener("input", () => input.setAttribute("aria-activedescendant", ""));
  document.querySelector(".kb-search").addEventListener("keydown", (event) => {
    if (event.key === "Escape" && event.target !== input) open(false);
  });
  document.addEventListener("keydown", (event) => {
    const writing = event.target.closest?.("input, textarea, select, [contenteditable]");
    if (event.key !== "/" || writing || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    open(true);
    input.focus();
    input.select();
  });
}

/* ---- the search page ---- */

function page(form) {
  const search = new Search(form, form.querySelector(".kb-results"), { limit: ON_PAGE, list: true });
  const asked = new URLSearchParams(location.search);
  search.filters = Object.fromEntries([...asked].filter(([name, value]) => name !== "q" && value));
  search.asked = (query) => {
    const filters = Object.entries(search.filters).filter(([, value]) => value);
    history.replaceState(history.state, "", `?${new URLSearchParams([["q", query], ...filters])}`);
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    search.ask().then(() => search.tell());
  });
  form.addEventListener("click", (event) => event.target.closest("a[href]") && search.tell());
  search.input.addEventListener("focus", () => search.prepare());
  search.input.value = asked.get("q") || "";
  search.input.focus();
  search.ask();
}

const inHeader = document.forms.namedItem("kb-search");
if (inHeader) header(inHeader);
for (const form of document.querySelectorAll("form.kb-search-page")) page(form);
