// Both pages as readers see them, side by side below the article.

import { look } from "./ask.js";
import { el, fill, say } from "./dom.js";

// The server made this HTML harmless; scripts of an article could not run in these frames anyway.
const policy = window.trustedTypes?.createPolicy("kbtool-preview", { createHTML: (html) => html })
  ?? { createHTML: (html) => html };

export class Preview {
  constructor(element) {
    this.element = element;
    this.open = false;
  }

  toggle() {
    this.open = !this.open;
    this.element.hidden = !this.open;
    document.body.classList.toggle("with-preview", this.open);
  }

  /** In another language the frames are made anew. */
  speak() {
    this.element.setAttribute("aria-label", say("preview"));
    fill(this.element);
  }

  /** Show a segment in its pages; the last one that was asked for stays. */
  async show(place, number) {
    if (!this.open || !place) return;
    const wanted = { ...place, number };
    this.wanted = wanted;
    const found = await look("preview", wanted);
    if (!this.open || this.wanted !== wanted) return;
    this.put("source", found.source);
    this.put("target", found.target ?? "");
  }

  put(side, html) {
    if (!this.element.firstChild) fill(this.element, this.frame("source"), this.frame("target"));
    const frame = this.element.querySelector(`[data-side=${side}] iframe`);
    const before = frame.contentWindow?.scrollY ?? 0;
    frame.onload = () => {
      const mark = frame.contentDocument?.getElementById("here");
      if (mark) mark.scrollIntoView({ block: "center" });
      else frame.contentWindow?.scrollTo(0, before);
    };
    frame.srcdoc = policy.createHTML(html);
  }

  frame(side) {
    return el("figure", { "data-side": side }, el("figcaption", {}, say(`preview_${side}`)),
      // No scripts, no forms, no way out; the same origin only lets this page scroll it to the segment.
      el("iframe", { sandbox: "allow-same-origin", title: say(`preview_${side}`) }));
  }
}
