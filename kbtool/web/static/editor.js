// A segment's text, edited in place; every pause is a question to the checks, and nothing is written before Save.

import { act } from "./ask.js";
import { button, el, fill, say } from "./dom.js";
import { offer } from "./sheet.js";

const PAUSE = 400; // milliseconds without a key before the checks are asked

/** Where the text under the reviewer's hands stands. */
export class Editor {
  /** `does` has save(text, verdict) and cancel(); `checked(answer)` hears of each answer of the checks. */
  constructor(segment, place, side, does) {
    this.segment = segment;
    this.place = place;
    this.does = does;
    this.asked = 0;
    this.area = el("textarea", {
      id: "editor", lang: side.tag, dir: side.dir, spellcheck: "true", "aria-label": say("editor"),
      "aria-describedby": "checks", oninput: () => this.later(), onkeydown: (event) => this.key(event),
    });
    this.area.value = segment.edit ?? segment.target;
    this.checks = el("div", { id: "checks", class: "checks", role: "status" });
    this.theirs = el("div", { class: "theirs" });
    this.element = el("div", { class: "editor" }, el("h4", {}, say("editor")), this.theirs, this.area,
      this.markup(segment.markup), this.checks,
      el("div", { class: "actions" },
        button(say("save_approve"), { key: "Control+Enter", class: "main" }, () => this.save("stands")),
        button(say("save"), { key: "Control+s" }, () => this.save("")),
        segment.proposal ? button(say("use_proposal"), {}, () => this.use(segment.proposal)) : null,
        button(say("cancel"), { key: "Escape" }, () => this.leave())),
      offer(segment, side));
  }

  get text() {
    return this.area.value;
  }

  get changed() {
    return this.text !== (this.segment.edit ?? this.segment.target);
  }

  /** What must stand in the translation as well: a press puts it where the cursor is. */
  markup(list) {
    if (!list.length || this.segment.edit !== null) return null;
    return el("div", { class: "markup" }, el("span", {}, say("markup")),
      list.map((each) => el("button", { type: "button", class: "chip", dir: "ltr", title: say("markup_insert"),
        onclick: () => this.insert(each) }, each.length > 60 ? `${each.slice(0, 57)}…` : each)));
  }

  insert(markup) {
    const { selectionStart: from, selectionEnd: to, value } = this.area;
    const words = value.slice(from, to);
    const text = markup.includes("…") ? markup.replace("…", words) : words + markup;
    this.area.setRangeText(text, from, to, "end");
    this.area.focus();
    this.later();
  }

  use(text) {
    this.area.value = text;
    this.area.focus();
    this.ask();
  }

  /** The file says something else now: both texts, and the reviewer's stays under their hands. */
  conflict(fresh, text, side) {
    this.segment = fresh;
    this.area.value = text;
    const now = fresh.edit ?? fresh.target;
    fill(this.theirs, el("p", { class: "fault", role: "alert" }, say("conflict")),
      el("h5", {}, say("in_the_file")), el("div", { class: "text", lang: side.tag, dir: side.dir }, now),
      button(say("take_theirs"), {}, () => this.use(now)), el("h5", {}, say("yours")));
    this.ask();
  }

  key(event) {
    const command = (event.ctrlKey || event.metaKey) && !event.altKey;
    if (event.isComposing) return;
    if (event.key === "Escape") this.leave();
    else if (command && event.key === "Enter") this.save("stands");
    else if (command && event.key.toLowerCase() === "s") this.save("");
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  leave() {
    clearTimeout(this.waiting);
    this.does.cancel(this);
  }

  save(verdict) {
    clearTimeout(this.waiting);
    this.asked += 1;
    return this.does.save(this, verdict);
  }

  later() {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.ask(), PAUSE);
  }

  async ask() {
    const mine = ++this.asked;
    const wish = { ...this.place, number: this.segment.number, text: this.text, preview: this.does.previewing() };
    let answer;
    try {
      answer = await act("try", wish);
    } catch (fault) {
      answer = { why_not: [fault.whole], findings: [] };
    }
    if (mine !== this.asked) return; // an answer to a text that is no longer there
    this.show(answer);
    this.does.tried(answer);
  }

  show({ why_not: refused, findings }) {
    fill(this.checks,
      refused.length ? el("p", { class: "fault" }, say("refused")) : null,
      el("ul", { class: "findings", lang: "en", dir: "auto" },
        refused.map((text) => el("li", { class: "refused" }, "✗ ", text)),
        findings.map((text) => el("li", {}, "⚠ ", text))),
      refused.length + findings.length || !this.changed ? null : el("p", { class: "fine" }, `✓ ${say("checks_fine")}`));
  }
}
