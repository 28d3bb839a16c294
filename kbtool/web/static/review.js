// The reviewer's page: one desk, one article, one segment under the hands at a time.

import { Fault, act, look, texts } from "./ask.js";
import { askReason, showHelp, showLost } from "./dialogs.js";
import { count, el, fill, say, speak, tell } from "./dom.js";
import { Editor } from "./editor.js";
import { Keys } from "./keys.js";
import { after, following, page, position, read, segments, side } from "./page.js";
import { Preview } from "./preview.js";
import { Queue, address, bar, place, same } from "./queue.js";
import { added, canStand, card, finished, head, usual } from "./sheet.js";

const PULSE = 3000; // milliseconds between two looks at the files
const main = document.getElementById("main");

const preview = new Preview(document.getElementById("preview"));
const queue = new Queue(document.getElementById("queue"), () => drawQueue(), () => focus(page.current));

// -- the beginning

async function start() {
  page.languages = await texts();
  const chosenLanguage = localStorage.getItem("kbtool-language");
  setLanguage(page.languages[chosenLanguage] ? chosenLanguage : page.language);
  await refresh();
  window.addEventListener("hashchange", () => {
    const where = place(location.hash);
    if (where && !same(where, page.here)) open(where);
  });
  window.addEventListener("beforeunload", (event) => {
    if (page.editor?.changed) event.preventDefault();
  });
  setInterval(pulse, PULSE);
  await open(place(location.hash) ?? page.desk.queue[0] ?? null);
}

function setLanguage(language) {
  page.language = language;
  speak(page.languages[language]);
  document.documentElement.lang = language;
  document.documentElement.dir = page.languages[language].dir;
  document.title = say("title");
  document.getElementById("skip").textContent = say("skip");
  preview.speak();
}

/** What the desk knows now: queue, progress. */
async function refresh() {
  page.desk = await look("desk");
  drawBar();
  drawQueue();
}

function drawBar() {
  const focused = document.activeElement?.id;
  bar(document.getElementById("bar"), page.desk, {
    undo, help, language: page.language,
    languages: Object.entries(page.languages).map(([code, words]) => [code, words.name]),
    choose: (language) => {
      localStorage.setItem("kbtool-language", language);
      setLanguage(language);
      queue.states = "";
      drawBar();
      drawQueue();
      drawSheet();
    },
  });
  if (focused && !document.activeElement?.id) document.getElementById(focused)?.focus();
}

function drawQueue() {
  queue.draw(page.desk, page.here);
}

// -- one article

/** Open a translation; its first waiting segment, or the one that is asked for, gets the focus. */
async function open(where, { number = 0 } = {}) {
  if (page.editor?.changed && !same(where, page.here) && !confirm(say("leave"))) {
    location.hash = address(page.here);
    return;
  }
  if (where === null) {
    page.here = page.sheet = page.editor = null;
    fill(main, el("section", { class: "finished" }, el("h2", { id: "article", tabindex: "-1" }, say("all_done"))));
    return;
  }
  if (!same(where, page.here)) {
    page.done.clear();
    page.kept.clear();
    page.everything = false;
    page.editor = page.sheet = null;
    page.here = { path: where.path, locale: where.locale };
    queue.fold();
  }
  location.hash = address(where);
  try {
    await read();
  } catch (fault) {
    complain(fault);
    return;
  }
  if (!same(where, page.here)) return; // somewhere else by now
  page.current = number || (page.sheet.segments.find((each) => each.waits)?.number ?? 0);
  drawSheet();
  drawQueue();
  focus(page.current);
  if (!number) document.getElementById("article").scrollIntoView({ block: "start", behavior: "instant" });
}

function drawSheet() {
  if (!page.sheet || !page.here) return;
  const target = side();
  const list = segments();
  const typing = document.activeElement === page.editor?.area;
  const waiting = list.filter((each) => each.waits && !page.done.has(each.number));
  fill(main,
    head(page.sheet, {
      locale: target, waiting: waiting.length, everything: page.everything, preview: preview.open,
      approvable: waiting.filter((each) => each.verdicts.includes("approve")).length,
      position: position(queue.filter),
      does: { all: approveAll, everything: toggleEverything, preview: togglePreview },
    }),
    list.map((each) => card(each, {
      source: page.desk.source, target, does, done: page.done.get(each.number),
      editor: page.editor?.segment.number === each.number ? page.editor.element : null,
    })),
    added(page.sheet, target),
    waiting.length || page.sheet.error ? null : finished(following(1, queue.filter), { next: () => move(1) }));
  main.setAttribute("aria-labelledby", "article");
  document.title = `${page.sheet.title} (${page.here.locale}) – ${say("title")}`;
  mark(page.current);
  if (typing) page.editor.area.focus({ preventScroll: true });
}

function mark(number) {
  for (const each of main.querySelectorAll(".card[data-number]")) {
    each.classList.toggle("current", Number(each.dataset.number) === number);
  }
}

/** Put the focus on a segment, into its text if that is being edited, or else on the head of the article. */
function focus(number) {
  if (page.editor?.segment.number === number) {
    page.editor.area.focus();
    return;
  }
  const found = document.getElementById(`s${number}`) ?? document.getElementById("onward")
    ?? document.getElementById("article");
  found?.focus({ preventScroll: true });
  found?.scrollIntoView({ block: found.classList.contains("card") ? "nearest" : "center", behavior: "instant" });
}

const does = {
  focus(number) {
    if (page.current === number) return;
    page.current = number;
    mark(number);
    showPreview();
  },
  judge: (segment, verdict, reason = "") => step(segment, { verdict, reason }),
  async waive(segment) {
    const reason = await askReason();
    if (reason !== null) await step(segment, { verdict: "waive", reason });
  },
  edit(segment) {
    if (page.editor?.changed && !confirm(say("leave"))) return;
    page.editor = editor(segment);
    drawSheet();
    page.editor.area.focus();
    page.editor.ask();
  },
};

function editor(segment) {
  return new Editor(segment, page.here, side(), {
    save: (from, verdict) => step(from.segment, { verdict, text: from.text }),
    cancel: (from) => {
      if (from.changed && !confirm(say("leave"))) return;
      page.editor = null;
      drawSheet();
      focus(from.segment.number);
      showPreview();
    },
    previewing: () => preview.open,
    tried: (answer) => answer.preview && preview.put("target", answer.preview),
  });
}

// -- steps

/** Have a wish fulfilled, then go on to what waits next. */
async function step(segment, { verdict = "", text = null, reason = "" }) {
  if (page.busy) return false;
  page.busy = true;
  try {
    const wish = { ...page.here, number: segment.number, mark: segment.mark, verdict, reason };
    const said = await act("step", text === null ? wish : { ...wish, text });
    if (text !== null) page.editor = null; // a text that is edited elsewhere on the page stays
    if (same(wish, page.here)) await settled(segment, verdict || "save", said);
    else await refresh();
    return true;
  } catch (fault) {
    await failed(fault, segment, text);
    return false;
  } finally {
    page.busy = false;
  }
}

async function settled(segment, verdict, said) {
  await Promise.all([read(), refresh()]);
  const now = page.sheet.segments.find(({ number }) => number === segment.number);
  if (said.settles) {
    page.done.set(segment.number, verdict);
    page.kept.set(segment.number, now ?? { ...segment, waits: false });
    if (!now) await lastLook(segment.number);
  }
  tell(said.note ? say("saved_not_approved", { why: said.note }) : say(`did_${verdict}`), { bad: Boolean(said.note) });
  if (said.settles) page.current = after(segment.number);
  drawSheet();
  drawQueue();
  focus(page.current);
  showPreview();
}

/** A segment that waits no more stays in sight as it is now. */
async function lastLook(number) {
  const sheet = await look("sheet", { ...page.here, all: "1" });
  const now = sheet.segments.find((each) => each.number === number);
  if (now) page.kept.set(number, now);
}

async function failed(fault, segment, text) {
  if (fault.changed) {
    await changedUnderneath(segment, text);
    return;
  }
  complain(fault);
  if (text !== null && page.editor) {
    page.editor.show({ why_not: [fault.message], findings: [] });
    page.editor.area.focus();
  }
}

/** Somebody else has written: show it as it is now; a text under the reviewer's hands stays there. */
async function changedUnderneath(segment, text) {
  const everything = await look("sheet", { ...page.here, all: "1" });
  await Promise.all([read(), refresh()]);
  const now = everything.segments.find((each) => each.source === segment.source)
    ?? everything.segments.find((each) => each.number === segment.number);
  page.kept.clear();
  page.done.clear();
  if (text === null || !now) {
    if (text !== null) page.editor = null;
    drawSheet();
    focus(now?.number ?? 0);
    if (text !== null) showLost(text);
    tell(say("changed"), { bad: true });
    return;
  }
  page.kept.set(now.number, now);
  page.current = now.number;
  page.editor = editor(now);
  page.editor.conflict(now, text, side());
  drawSheet();
  page.editor.area.focus();
}

async function undo() {
  if (page.busy || !page.desk.progress.steps) return;
  page.busy = true;
  try {
    const said = await act("undo");
    page.done.delete(said.number);
    page.kept.delete(said.number);
    await refresh();
    page.busy = false;
    await open({ path: said.path, locale: said.locale }, { number: said.number });
    tell(say("undone", { number: count(said.number), path: said.path }));
  } catch (fault) {
    complain(fault);
  } finally {
    page.busy = false;
  }
}

async function approveAll() {
  const open = segments().filter((each) => each.waits && each.verdicts.includes("approve"));
  for (const { number } of open) {
    const now = page.sheet.segments.find((each) => each.number === number);
    if (now && !(await step(now, { verdict: "approve" }))) break;
  }
}

// -- moving about

function move(by) {
  const next = following(by, queue.filter);
  if (next) return open({ path: next.path, locale: next.locale });
  tell(say(page.desk.queue.length ? "end" : "all_done"));
  return null;
}

function turn(by) {
  const numbers = segments().map((each) => each.number);
  const at = numbers.indexOf(page.current);
  const next = numbers[at < 0 ? 0 : Math.min(numbers.length - 1, Math.max(0, at + by))];
  if (next) focus(next);
}

async function toggleEverything() {
  if (!page.sheet) return;
  page.everything = !page.everything;
  await read();
  drawSheet();
  focus(page.current);
}

function help() {
  showHelp(keys.letters, (on) => keys.turn(on));
}

// -- the page as readers see it

function togglePreview() {
  preview.toggle();
  drawSheet();
  showPreview();
  focus(page.current);
}

function showPreview() {
  preview.show(page.here, page.current).catch(complain);
}

// -- what happens outside

/** Look whether the files changed under the open article. */
async function pulse() {
  if (document.hidden || page.busy || !page.here || !page.sheet) return;
  const shown = page.sheet;
  try {
    const { pulse: now } = await look("pulse", page.here);
    document.body.classList.remove("alone");
    if (shown === page.sheet && !page.busy && now !== shown.pulse) await elsewhere();
  } catch (fault) {
    if (!(fault instanceof Fault)) throw fault;
    if (fault.status === 0 && !document.body.classList.contains("alone")) {
      document.body.classList.add("alone");
      tell(say("gone"), { bad: true });
    }
  }
}

async function elsewhere() {
  let edited = null;
  if (page.editor) {
    const { segment, text } = page.editor;
    const sheet = await look("sheet", { ...page.here, all: "1" });
    edited = sheet.segments.find((each) => each.source === segment.source);
    if (edited?.mark !== segment.mark) {
      await changedUnderneath(segment, text);
      return;
    }
  }
  const held = main.contains(document.activeElement);
  page.kept.clear();
  page.done.clear();
  if (edited) {
    page.editor.segment = edited; // it may have another number now
    page.kept.set(edited.number, edited);
  }
  await Promise.all([read(), refresh()]);
  if (!segments().some((each) => each.number === page.current)) page.current = after(0);
  drawSheet();
  if (held) focus(page.current);
  showPreview();
  tell(say("changed"));
}

/** Say what went wrong; what is no answer of the server is a fault of this page. */
function complain(fault) {
  if (!(fault instanceof Fault)) throw fault;
  tell(fault.status ? fault.whole : say("gone"), { bad: true });
}

// -- keys

const keys = new Keys({
  j: () => turn(1), ArrowDown: () => turn(1), k: () => turn(-1), ArrowUp: () => turn(-1),
  n: () => move(1), p: () => move(-1), u: undo, v: togglePreview, s: toggleEverything, A: approveAll, "?": help,
  "/": () => document.getElementById("filter")?.focus(),
  a: () => withCurrent((each) => usual(each) && does.judge(each, usual(each))),
  t: () => withCurrent((each) => canStand(each) && does.judge(each, "stands")),
  e: () => withCurrent((each) => does.edit(each)),
  w: () => withCurrent((each) => each.verdicts.includes("waive") && does.waive(each)),
  r: () => withCurrent((each) => each.verdicts.includes("reject") && does.judge(each, "reject")),
}, main);

function withCurrent(act) {
  const found = segments().find((each) => each.number === page.current);
  if (!found) return;
  if (act(found) === false) tell(say("not_here"));
}

start().catch((fault) => {
  fill(main, el("p", { class: "fault", role: "alert" }, fault.whole ?? String(fault)));
  throw fault;
});
