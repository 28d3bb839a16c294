// Elements from values. Texts become text nodes; nothing here ever parses HTML.

let words = {};

/** Take the texts of one language. */
export function speak(found) {
  words = found;
}

/** A text of the page in the reviewer's language, with {names} filled in. */
export function say(key, values = {}) {
  const text = words[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

/** A number as the reviewer's language writes it. */
export function count(number) {
  return new Intl.NumberFormat(document.documentElement.lang).format(number);
}

/** An element; `on…` are listeners, `null` and `false` leave an attribute out, other children become text. */
export function el(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.flat(Infinity).filter(there));
  return made;
}

const there = (child) => child !== null && child !== undefined && child !== false;

/** A button that says which key does the same. */
export function button(text, { key, ...attributes } = {}, onclick) {
  return el("button", { type: "button", "aria-keyshortcuts": key ?? null, onclick, ...attributes },
    el("span", {}, text), key ? el("kbd", { "aria-hidden": "true" }, shown(key)) : null);
}

const shown = (key) => ({ "Control+Enter": "Ctrl ↵", "Control+s": "Ctrl S", Escape: "Esc", Enter: "↵" })[key] ?? key;

/** Text for screen readers alone. */
export function unseen(text) {
  return el("span", { class: "unseen" }, text);
}

/** Put new children in the place of all that is there. */
export function fill(place, ...children) {
  place.replaceChildren(...children.flat(Infinity).filter(there));
}

let fading;

/** Say something to everybody: shown for a while, read out by screen readers. */
export function tell(text, { bad = false } = {}) {
  const said = document.getElementById("said");
  clearTimeout(fading);
  said.classList.toggle("bad", bad);
  said.textContent = "";
  // a text that is said twice must change in between, or it is read out once
  requestAnimationFrame(() => { said.textContent = text; });
  fading = setTimeout(() => { said.textContent = ""; }, bad ? 12000 : 5000);
}
