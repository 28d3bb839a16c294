// One article under review: its segments as cards, each with what changed, the pair, and what can be done.

import { button, count, el, say, unseen } from "./dom.js";

/** A text of the page, or the word itself where the page has none for it. */
const word = (key, otherwise) => (say(key) === key ? otherwise : say(key));

/** Changes word by word; what went and what came are told by ears and eyes alike. */
function changes(list) {
  return list.map(({ op, text }) => {
    if (op === "same") return text;
    return el(op === "gone" ? "del" : "ins", {}, unseen(` ${say(op === "gone" ? "ear_gone" : "ear_new")} `), text);
  });
}

const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replace(/\s+/g, "\\s+");

/** A text in which some words are marked; `marks` is a list of [words, class, title]. */
function marked(text, marks) {
  const known = marks.filter(([words]) => words);
  if (!known.length) return [text];
  const pattern = new RegExp(known.map(([words]) => `(?<![\\p{L}\\p{N}])${escaped(words)}(?![\\p{L}\\p{N}])`)
    .join("|"), "giu");
  const parts = [];
  let last = 0;
  for (const found of text.matchAll(pattern)) {
    const plain = found[0].replace(/\s+/g, " ").toLowerCase();
    const mark = known.find(([words]) => words.replace(/\s+/g, " ").toLowerCase() === plain) ?? known[0];
    parts.push(text.slice(last, found.index), el("mark", { class: mark[1], title: mark[2] }, found[0]));
    last = found.index + found[0].length;
  }
  return [...parts, text.slice(last)];
}

const wanted = (term) => (term.keep ? term.term : term.translation.split("|")[0].trim());

function terms(segment) {
  if (!segment.terms.length) return null;
  return el("ul", { class: "terms", "aria-label": say("terms") }, segment.terms.map((term) =>
    el("li", { title: term.note || null }, el("b", {}, term.term),
      wanted(term) ? ` → ${wanted(term)}` : "", term.keep ? ` (${say("keep_term")})` : "",
      term.forbidden.length ? el("span", { class: "forbidden" }, ` ${say("not_this")}: ${term.forbidden.join(", ")}`)
        : "")));
}

/** A headed block of text in the language of one side. */
function block(title, side, ...children) {
  return el("section", { class: "block" }, el("h4", {}, title),
    el("div", { class: "text", lang: side.tag, dir: side.dir }, children));
}

function original(segment, side) {
  const glossary = segment.terms.map((t) => [t.term, "term", wanted(t)]);
  return [
    segment.source_change.length
      ? block(say("original_changed"), side, changes(segment.source_change)) : null,
    block(segment.source_change.length ? say("original_now") : say("original"), side,
      marked(segment.source, glossary)),
    terms(segment),
  ];
}

function translation(segment, side) {
  const forbidden = segment.terms.flatMap((t) => t.forbidden.map((w) => [w, "forbidden", say("not_this")]));
  const accepted = segment.terms.flatMap((t) => (t.keep ? [t.term] : t.translation.split("|").map((w) => w.trim()))
    .map((w) => [w, "term", t.term]));
  const text = segment.edit ?? segment.target;
  return [
    segment.target_change.length
      ? block(say("translation_changed"), side, changes(segment.target_change)) : null,
    block(segment.target_change.length || segment.proposal ? say("translation_now") : say("translation"), side,
      marked(text, [...forbidden, ...accepted])),
    offer(segment, side),
  ];
}

/** What waits as a proposal, with its difference to the text that stands there. */
export function offer(segment, side) {
  if (!segment.proposal) return null;
  return el("div", { class: "offer" },
    block(`${say("proposal")}, ${made(segment.proposal_by)}`, side, changes(segment.proposal_change)),
    block(say("proposal_clean"), side, segment.proposal));
}

/** Who made a text, in words. */
function made(by) {
  if (by.startsWith("mt:")) return say("by_machine", { name: by.slice(3) });
  return word(`by_${by}`, by);
}

function facts(segment) {
  return el("p", { class: "facts" },
    el("span", { class: `chip ${segment.state}` }, say(`state_${segment.state}`)),
    segment.major ? el("span", { class: "chip conflict" }, say("major")) : null,
    el("span", {}, word(`kind_${segment.kind}`, segment.kind)),
    segment.by ? el("span", {}, made(segment.by)) : null,
    segment.last ? el("span", {}, stamped(segment.last)) : null);
}

/** `approved: ana 2026-09-01`, said in the reviewer's language. */
function stamped(last) {
  const cut = last.indexOf(": ");
  return say(`last_${last.slice(0, cut)}`, { who: last.slice(cut + 2) });
}

function findings(segment) {
  const notes = segment.note ? [el("li", { class: "quiet" }, segment.note)] : [];
  const faults = segment.findings.map((text) =>
    el("li", {}, el("span", { "aria-hidden": "true" }, "⚠ "), unseen(`${say("finding")}: `), text));
  return faults.length + notes.length ? el("ul", { class: "findings", dir: "auto", lang: "en" }, faults, notes) : null;
}

/** The verdict that `a` gives: what makes most sense of a segment as it is. */
export function usual(segment) {
  return ["accept", "approve"].find((name) => segment.verdicts.includes(name)) ?? null;
}

/** Whether "the text as it stands is right" is something else than the usual verdict. */
export function canStand(segment) {
  return Boolean(segment.proposal) && segment.state === "conflict";
}

function actions(segment, does, calm) {
  const main = usual(segment);
  const take = segment.proposal ? "take_proposal" : segment.state === "conflict" ? "accept" : "approve";
  const has = (name) => segment.verdicts.includes(name);
  return el("div", { class: "actions" },
    main ? button(say(take), { key: "a", class: calm ? null : "main" }, () => does.judge(segment, main)) : null,
    canStand(segment) ? button(say("stands"), { key: "t" }, () => does.judge(segment, "stands")) : null,
    button(say("edit"), { key: "e", class: main || calm ? null : "main" }, () => does.edit(segment)),
    has("waive") ? button(say(segment.proposal ? "keep_old" : "waive"), { key: "w" }, () => does.waive(segment)) : null,
    has("reject") ? button(say(segment.proposal ? "drop_proposal" : "reject"), { key: "r" },
      () => does.judge(segment, "reject")) : null);
}

/** One segment as a card. `done` is the verdict that it got in this sitting, if any. */
export function card(segment, { source, target, done, does, editor }) {
  const title = `segment-${segment.number}`;
  const why = word(`why_${segment.proposal ? "proposal" : segment.state}`, "");
  return el("article", {
    class: `card${done ? " done" : ""}${segment.waits ? "" : " calm"}`, tabindex: "-1", id: `s${segment.number}`,
    "data-number": segment.number, "aria-labelledby": title, onfocusin: () => does.focus(segment.number),
  },
  el("header", {},
    el("h3", { id: title }, say("segment", { number: count(segment.number) }),
      done ? el("span", { class: "verdict" }, `✓ ${say(`did_${done}`)}`) : null),
    facts(segment)),
  why && segment.waits && !done ? el("p", { class: "why" }, why) : null,
  el("div", { class: "pair" }, el("div", { class: "side" }, original(segment, source)),
    el("div", { class: "side" }, editor ?? translation(segment, target))),
  editor ? null : findings(segment),
  editor ? null : actions(segment, does, Boolean(done) || !segment.waits));
}

/** The head of an article: what it is, and what can be done with all of it. */
export function head(sheet, { locale, waiting, approvable, everything, preview, does, position }) {
  return el("header", { class: "article" },
    el("div", {},
      el("h2", { id: "article", tabindex: "-1" }, el("span", { dir: "auto" }, sheet.title),
        el("span", { class: "locale", lang: locale.tag }, locale.name)),
      el("p", { class: "facts" }, el("code", {}, `docs/${sheet.path}`), el("span", {}, position),
        el("span", {}, say("waiting_here", { n: count(waiting) })),
        sheet.folded ? el("span", {}, say("folded", { n: count(sheet.folded) })) : null)),
    el("div", { class: "tools" },
      approvable > 1
        ? button(say("approve_all", { n: count(approvable) }), { key: "Shift+A", class: "quiet" }, does.all) : null,
      button(say("everything"), { key: "s", class: "quiet", "aria-pressed": String(everything) }, does.everything),
      button(say("preview"), { key: "v", class: "quiet", "aria-pressed": String(preview) }, does.preview)),
    sheet.error ? el("p", { class: "fault", role: "alert" }, sheet.error) : null,
    sheet.findings.length ? el("ul", { class: "findings", lang: "en", dir: "auto" }, sheet.findings.map((f) =>
      el("li", {}, el("span", { "aria-hidden": "true" }, "⚠ "), f.message))) : null);
}

/** Text that the translation has and the original does not. */
export function added(sheet, target) {
  if (!sheet.added.length) return null;
  return el("section", { class: "card calm" }, el("h3", {}, say("added")), el("p", { class: "why" }, say("added_why")),
    sheet.added.map((text) => el("div", { class: "text", lang: target.tag, dir: target.dir }, text)));
}

/** What stands below the last card once nothing waits any more. */
export function finished(next, does) {
  return el("section", { class: "finished" }, el("p", {}, el("b", {}, say("article_done"))),
    next ? button(say("next_article"), { key: "n", class: "main", id: "onward" }, does.next)
      : el("p", { id: "onward", tabindex: "-1" }, say("all_done")));
}
