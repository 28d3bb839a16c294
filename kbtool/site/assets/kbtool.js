/* Small comforts on top of pages that work without them. Text is only ever set as text, never as HTML. */

import { copy } from "./copy.js";

const root = document.documentElement;

/** Offer the page in the reader's own language, once; the answer is remembered, nothing is ever forced. */
function suggestLanguage() {
  const asked = "kb-language";
  const here = root.lang.toLowerCase();
  const links = [...document.querySelectorAll(".kb-languages a[hreflang]")];
  for (const wanted of navigator.languages || []) {
    const tag = wanted.toLowerCase();
    if (same(tag, here)) return;
    const link = links.find((a) => same(a.hreflang.toLowerCase(), tag));
    if (!link || link.dataset.kbAlso === undefined) continue;
    if (stored(asked) === link.hreflang) return;
    const box = document.createElement("aside");
    box.className = "kb-suggestion";
    box.lang = link.hreflang;
    box.dir = link.dir;
    const text = document.createElement("p");
    text.textContent = link.dataset.kbAlso;
    const go = document.createElement("a");
    go.className = "md-button";
    go.href = link.href;
    go.textContent = link.dataset.kbSwitch;
    const stay = document.createElement("button");
    stay.className = "md-button";
    stay.type = "button";
    stay.textContent = link.dataset.kbStay;
    stay.addEventListener("click", () => {
      store(asked, link.hreflang);
      box.remove();
    });
    box.append(text, go, stay);
    document.querySelector("article")?.before(box);
    return;
  }
}

function same(one, other) {
  return one === other || one.split("-")[0] === other.split("-")[0];
}

function stored(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function store(key, value) {
  try {
    localStorage.setItem(key, value);
  } catch {
    /* private windows have no storage: the question comes again */
  }
}

/** Send feedback without leaving the page; where that fails, the form is sent as any form. */
function sendFeedback() {
  for (const form of document.querySelectorAll("form.kb-feedback")) {
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const data = new FormData(form, event.submitter);
      const button = event.submitter;
      button.disabled = true;
      try {
        const reply = await fetch(form.action, {
          method: "POST",
          headers: { "Content-Type": "application/json" },
          body: JSON.stringify(Object.fromEntries(data)),
        });
        if (!reply.ok) throw new Error(String(reply.status));
        form.querySelector("fieldset").hidden = true;
        form.querySelector("[role=status]").textContent = form.dataset.kbThanks;
      } catch {
        button.disabled = false;
        form.requestSubmit ? HTMLFormElement.prototype.submit.call(withAnswer(form, button)) : form.submit();
      }
    });
  }
}

function withAnswer(form, button) {
  const answer = document.createElement("input");
  answer.type = "hidden";
  answer.name = button.name;
  answer.value = button.value;
  form.append(answer);
  return form;
}

/** Show opening hours in the reader's own time; the code for it comes only where there are some. */
async function tellHours() {
  const lines = document.querySelectorAll("[data-kb-hours]");
  if (!lines.length) return;
  const { inReadersTime } = await import("./hours.js");
  for (const line of lines) {
    const { kbHours, kbZone, kbWords, kbAlways } = line.dataset;
    line.textContent = inReadersTime(kbHours, kbZone, { words: kbWords, always: kbAlways, lang: root.lang }) || line.textContent;
  }
}

/** A click on a heading's sign copies its address as well as going there. */
function copyHeadings() {
  const told = document.querySelector(".kb-after")?.dataset.kbCopied;
  for (const sign of document.querySelectorAll("a.headerlink")) {
    sign.addEventListener("click", () => copy(sign.href, told).catch(() => undefined));
  }
}

/** On paper a link says where it leads; a browser knows the whole address of one on this site. */
function prepareForPaper() {
  for (const link of document.querySelectorAll("article a[href]:not([href^='#'], .headerlink, .md-button)")) {
    const address = link.href.replace(/^mailto:|^tel:/, "");
    if (address !== link.textContent.trim()) link.dataset.kbAddress = address;
  }
  for (const button of document.querySelectorAll("[data-kb-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
}

suggestLanguage();
sendFeedback();
tellHours();
copyHeadings();
prepareForPaper();
