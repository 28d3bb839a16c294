// What is open on the reviewer's page, and what follows from it.

import { look } from "./ask.js";
import { count, say } from "./dom.js";
import { chosen, same } from "./queue.js";

export const page = {
  desk: null,
  languages: {},
  language: document.documentElement.lang,
  here: null, // {path, locale} of the article that is open
  sheet: null,
  at: 0, // its place in the queue when it was last there
  current: 0, // number of the segment under the hands
  done: new Map(), // number → verdict given in this article
  kept: new Map(), // number → the segment as it was when it got its verdict
  editor: null,
  everything: false,
  busy: false,
};

/** How the locale of the open article is written. */
export const side = () => page.desk.locales.find(({ code }) => code === page.here.locale);

/** Read the open article again. */
export async function read() {
  const asked = page.here;
  const sheet = await look("sheet", { ...asked, all: page.everything ? "1" : "0" });
  if (!same(asked, page.here)) return;
  page.sheet = sheet;
}

/** The cards to show: what waits, and what got its verdict while this article was open. */
export function segments() {
  const found = new Map(page.kept);
  for (const each of page.sheet?.segments ?? []) {
    if (each.waits) page.done.delete(each.number);
    found.set(each.number, each);
  }
  return [...found.values()].sort((a, b) => a.number - b.number);
}

/** The next segment that waits, from here on and then from the top; 0 for none. */
export function after(number) {
  const left = segments().filter((each) => each.waits && !page.done.has(each.number));
  return (left.find((each) => each.number > number) ?? left[0])?.number ?? 0;
}

/** Where the article stands in the part of the queue that is shown. */
export function position(filter) {
  const list = chosen(page.desk.queue, filter);
  const at = list.findIndex((each) => same(each, page.here));
  if (at < 0) return "";
  page.at = at;
  return say("position", { n: count(at + 1), total: count(list.length) });
}

/** The article so many places on in the part of the queue that is shown; null for none. */
export function following(by, filter) {
  const list = chosen(page.desk.queue, filter);
  const at = list.findIndex((each) => same(each, page.here));
  // an article of which nothing waits has left the queue: what stood behind it has taken its place
  const next = at >= 0 ? at + by : page.at + (by > 0 ? 0 : by);
  return list[next] ?? (at < 0 && list[0] ? list[0] : null);
}
