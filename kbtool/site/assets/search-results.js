/* What a search found, as elements. Text of articles is only ever set as text, never as HTML. */

import { excerpt, marked } from "./search-text.js";

/** Results in one place of a page: a listbox below the header's form, or a list on the search page. */
export class Results {
  constructor(output, options) {
    this.options = options;
    this.open = false;
    this.current = null;
    this.texts = new Map();
    this.status = element("p", { class: "kb-results__status", role: "status" });
    this.filters = element("div", { class: "kb-results__filters" });
    this.advice = element("div", { class: "kb-results__advice" });
    this.list = options.list
      ? element("ol", { class: "kb-results__list" })
      : element("div", { class: "kb-results__list", role: "listbox", id: output.dataset.hits, "aria-label": output.dataset.label });
    this.after = element("div", { class: "kb-results__after" });
    output.replaceChildren(this.status, this.filters, this.advice, this.list, this.after);
  }

  clear() {
    for (const part of [this.status, this.filters, this.advice, this.list, this.after]) part.replaceChildren();
    this.set(false);
  }

  fail() {
    this.clear();
    this.status.textContent = this.messages?.failed || "The search could not be loaded. Please try again.";
  }

  show(index, query, answer, filters) {
    const { messages } = index;
    this.messages = messages;
    const { hits, total, suggestion } = answer;
    this.status.textContent = fill(total ? messages.results : messages.none, { n: total, q: query });
    this.showFilters(answer, filters, messages);
    this.advice.replaceChildren(...this.adviceOn(index, suggestion, total));
    this.list.replaceChildren(...hits.map(({ page }, i) => this.hit(index, page, i, answer.weight)));
    this.after.replaceChildren(...this.furtherTo(query, total - hits.length, messages));
    this.set(hits.length > 0);
  }

  set(open) {
    this.open = open;
    this.current = null;
    this.onchange?.(open);
  }

  /** Choose the next or previous result; going beyond either end chooses none. */
  move(by) {
    const all = [...this.list.querySelectorAll("[role=option]")];
    const next = all.indexOf(this.current) + by;
    this.current?.setAttribute("aria-selected", "false");
    this.current = (next === -2 ? all[all.length - 1] : all[next]) || null;
    this.current?.setAttribute("aria-selected", "true");
    this.current?.scrollIntoView({ block: "nearest" });
  }

  hit(index, page, i, weight) {
    const [url, title, name] = index.pages[page];
    const href = new URL(url, this.options.root);
    const link = element("a", { class: "kb-hit", href: href.href });
    const text = element("span", { class: "kb-hit__text" });
    const section = element("span", { class: "kb-hit__section" });
    const heading = element("span", { class: "kb-hit__title" }, ...spans(marked(title, weight)));
    const { names, of } = index.facets.freshness || { names: [], of: [] };
    const state = names[of[page]] ? [" ", element("span", { class: "kb-hit__state" }, names[of[page]])] : [];
    link.append(heading, ...state, section, text);
    this.text(name).then((sections) => {
      const found = excerpt(sections, weight);
      if (!found) return;
      text.replaceChildren(...spans(found.parts));
      if (!found.anchor) return;
      section.replaceChildren(...spans(marked(found.heading, weight)));
      href.hash = found.anchor;
      link.href = href.href;
    }, (error) => console.error(error));
    if (this.options.list) return element("li", {}, link);
    for (const [key, value] of Object.entries({ role: "option", id: `kb-hit-${i}`, "aria-selected": "false", tabindex: "-1" })) {
      link.setAttribute(key, value);
    }
    return link;
  }

  text(name) {
    if (!this.texts.has(name)) this.texts.set(name, this.options.texts(name));
    return this.texts.get(name);
  }

  /** Filters that would make a difference; built anew only if they change, so that a chosen one keeps its focus. */
  showFilters({ counts, total }, chosen, messages) {
    const parts = ({ count }) => count > 0 && count < total;
    const facets = Object.entries(counts).filter(([facet, values]) => chosen[facet] || values.some(parts));
    const kept = new Map([...this.filters.querySelectorAll("select")].map((select) => [select.name, select]));
    const selects = facets.map(([facet, values]) => {
      const select = kept.get(facet) || this.select(facet, messages);
      const options = values.filter(({ name, count }) => count || name === chosen[facet])
        .map(({ name, count }) => element("option", { value: name }, `${name} (${count})`));
      select.replaceChildren(element("option", { value: "" }, `${messages[facet] || facet}: ${messages.any}`), ...options);
      select.value = chosen[facet] || "";
      return select;
    });
    if (selects.length !== kept.size || selects.some((select) => !select.isConnected)) this.filters.replaceChildren(...selects);
  }

  select(facet, messages) {
    const select = element("select", { name: facet, "aria-label": messages[facet] || facet });
    select.addEventListener("change", () => this.options.filter(facet, select.value));
    return select;
  }

  adviceOn(index, suggestion, total) {
    const { messages } = index;
    const advice = [];
    if (suggestion) {
      const button = element("button", { type: "button", class: "kb-results__meant" }, suggestion);
      button.addEventListener("click", () => this.options.mend(suggestion));
      advice.push(element("p", {}, `${messages.meant} `, button, "?"));
    }
    if (total) return advice;
    advice.push(element("p", {}, messages.tips));
    if (index.mostRead.length) {
      const links = index.mostRead.map((page) => {
        const [url, title] = index.pages[page];
        return element("li", {}, element("a", { href: new URL(url, this.options.root).href }, title));
      });
      advice.push(element("p", { class: "kb-results__heading" }, messages.mostRead), element("ul", {}, ...links));
    }
    if (this.options.contact) advice.push(element("p", {}, element("a", { href: this.options.contact }, messages.contact)));
    return advice;
  }

  furtherTo(query, left, messages) {
    if (left <= 0) return [];
    if (!this.options.list) {
      const link = new URL(this.options.pages);
      link.search = new URLSearchParams([["q", query]]);
      return [element("a", { class: "kb-results__more", href: link.href }, `${messages.more} (${left})`)];
    }
    const button = element("button", { type: "button", class: "md-button" }, `${messages.more} (${left})`);
    button.addEventListener("click", () => this.options.more());
    return [button];
  }
}

const spans = (parts) => parts.map(({ text, hit }) => (hit ? element("mark", {}, text) : text));

const fill = (message, values) => message.replace(/\{(\w)\}/g, (_, name) => values[name]);

function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}
