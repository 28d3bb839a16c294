// What waits, the most important first: the list beside the article, and what of it is shown.

import { button, count, el, fill, say, unseen } from "./dom.js";

/** The address of a translation within the page. */
export const address = ({ locale, path }) => `#/${encodeURIComponent(locale)}/${encodeURI(path)}`;

/** The translation that an address names; null for none. */
export function place(hash) {
  const found = /^#\/([^/]+)\/(.+)$/.exec(hash);
  return found ? { locale: decodeURIComponent(found[1]), path: decodeURI(found[2]) } : null;
}

export const same = (a, b) => Boolean(a && b && a.path === b.path && a.locale === b.locale);

/** The part of the queue that the filters leave. */
export function chosen(queue, filter) {
  const words = filter.words.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  return queue.filter((each) =>
    (!filter.locale || each.locale === filter.locale) &&
    (!filter.state || filter.state in each.counts) &&
    words.every((word) => each.path.toLocaleLowerCase().includes(word)));
}

/** Draw the filters once, and the list below them whenever it changed. */
export class Queue {
  /** `onfilter` hears that another part of the queue is wanted, `onleave` that Escape left the field. */
  constructor(element, onfilter, onleave) {
    this.element = element;
    this.filter = { words: "", locale: "", state: "" };
    this.changed = onfilter;
    this.left = onleave;
    this.list = el("ol", { class: "waiting" });
    this.states = "";
  }

  draw(desk, current) {
    const queue = chosen(desk.queue, this.filter);
    const states = [...new Set(desk.queue.flatMap((each) => Object.keys(each.counts)))].sort();
    if (states.join() !== this.states || !this.list.isConnected) {
      this.states = states.join();
      this.frame(desk, states);
    }
    this.summary.textContent = `${say("queue")} (${count(queue.length)})`;
    fill(this.list, queue.map((each) => this.row(each, same(each, current), desk)));
    if (!queue.length) fill(this.list, el("li", { class: "none" }, say(desk.queue.length ? "none_chosen" : "none")));
  }

  frame(desk, states) {
    const search = el("input", {
      type: "search", id: "filter", value: this.filter.words, "aria-label": say("filter"), placeholder: say("filter"),
      oninput: () => { this.filter.words = search.value; this.changed(); },
      onkeydown: (event) => { if (event.key === "Escape") this.left(); },
    });
    const names = desk.locales.map(({ code, name, tag }) => [code, name, tag]);
    this.summary = el("summary", {});
    const open = matchMedia("(min-width: 60rem)").matches;
    fill(this.element, el("details", { open, class: "drawer" }, this.summary,
      el("div", { class: "filters" }, search,
        desk.locales.length > 1 && this.select("locale", say("all_locales"), names),
        states.length > 1 && this.select("state", say("all_states"), states.map((s) => [s, say(`state_${s}`)]))),
      this.list));
    this.element.setAttribute("aria-label", say("queue"));
  }

  select(name, all, choices) {
    const found = el("select", {
      "aria-label": say(`filter_${name}`),
      onchange: () => { this.filter[name] = found.value; this.changed(); },
    }, el("option", { value: "" }, all),
    choices.map(([value, text, tag]) => el("option", { value, lang: tag ?? null }, text)));
    found.value = this.filter[name];
    return found;
  }

  row(each, current, desk) {
    const locale = desk.locales.find(({ code }) => code === each.locale);
    const cut = each.path.lastIndexOf("/") + 1;
    return el("li", {},
      el("a", { href: address(each), "aria-current": current ? "page" : null, class: each.major ? "major" : null },
        el("span", { class: "path" }, cut ? el("span", { class: "folder" }, each.path.slice(0, cut)) : null,
          each.path.slice(cut).replace(/\.md$/, "")),
        el("span", { class: "facts" },
          el("span", { class: "locale", title: locale?.name }, each.locale),
          Object.entries(each.counts).map(([state, n]) =>
            el("span", { class: `chip ${state}` }, `${count(n)} ${say(`state_${state}`)}`)),
          each.proposals ? el("span", { class: "chip proposal" }, `${count(each.proposals)} ${say("proposed")}`) : null,
          each.major ? el("span", { class: "chip conflict" }, say("major")) : null,
          each.views !== null ? el("span", { class: "views" }, unseen(`${say("views")}: `), `◉ ${count(each.views)}`)
            : null)));
  }

  /** On a phone the list folds away when an article was chosen. */
  fold() {
    if (!matchMedia("(min-width: 60rem)").matches) this.element.querySelector("details").open = false;
  }
}

/** Bar on top: how far the reviewer is, undo, help, language. */
export function bar(element, desk, { undo, help, languages, language, choose }) {
  const { done, waiting, articles, steps } = desk.progress;
  const total = done + waiting;
  const select = el("select", { "aria-label": say("language"), onchange: () => choose(select.value) },
    languages.map(([code, name]) => el("option", { value: code, lang: code }, name)));
  select.value = language;
  fill(element,
    el("h1", {}, el("span", { class: "mark", "aria-hidden": "true" }, "✓"), say("title"),
      el("span", { class: "folder" }, desk.folder)),
    el("div", { class: "progress" },
      el("progress", { max: total || 1, value: total ? done : 1, "aria-label": say("progress_label") }),
      el("span", {}, say("progress", { done: count(done), total: count(total), articles: count(articles) }))),
    el("div", { class: "tools" },
      el("span", { class: "person" }, unseen(`${say("you_are")} `), desk.person),
      button(say("undo"), { key: "u", disabled: !steps, class: "quiet", id: "undo" }, undo),
      button(say("help"), { key: "?", class: "quiet", id: "help" }, help),
      select));
}
