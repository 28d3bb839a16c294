/* In the agents' edition: how fresh a page is today, addresses and replies to copy. Pages work without it. */

import { copy } from "./copy.js";

const root = document.documentElement;
const agents = document.querySelector(".kb-agents");
const QUOTES = "article > blockquote";

/* ---- freshness: the site may be older than today ---- */

const UNITS = [["year", 365], ["month", 30], ["week", 7], ["day", 1]];

/** Days since (or, below zero, until) a day, in the words of the page's language. */
function ago(days) {
  const [unit, size] = UNITS.find(([, each]) => Math.abs(days) >= 2 * each) || ["day", 1];
  return new Intl.RelativeTimeFormat(root.lang, { numeric: "auto" }).format(-Math.round(days / size), unit);
}

function tellFreshness() {
  const now = new Date();
  const today = Date.UTC(now.getFullYear(), now.getMonth(), now.getDate());
  for (const time of agents.querySelectorAll("time[data-kb-ago]")) {
    const days = Math.round((today - Date.parse(time.dateTime)) / 86400000);
    time.after(` (${ago(days)})`);
    if ("kbDue" in time.dataset && days > 0) fallDue(time);
  }
}

/** The review fell due after the site was built. */
function fallDue(time) {
  const fresh = time.closest(".kb-fresh");
  const state = document.createElement("strong");
  state.className = "kb-state";
  state.textContent = fresh.dataset.kbOverdue;
  fresh.querySelector(".kb-state").before(state, " ");
  fresh.querySelector(".kb-fresh__due").textContent = fresh.dataset.kbWasDue;
}

/* ---- copying ---- */

function copyLinks() {
  for (const button of agents.querySelectorAll("button[data-kb-copy]")) {
    button.hidden = false;
    button.addEventListener("click", () => copy(button.dataset.kbCopy, agents.dataset.kbCopied));
  }
}

/** Behind each reply – a quotation – buttons that copy it, in the page's language and in those of customers. */
function copyReplies() {
  const languages = [...(agents.querySelector("template")?.content.children || [])];
  document.querySelectorAll(QUOTES).forEach((quote, number) => {
    const row = document.createElement("p");
    row.className = "kb-replies";
    row.append(button(agents.dataset.kbReply, () => copy(reply(quote), agents.dataset.kbCopied)));
    if (languages.length) row.append(` ${agents.dataset.kbAnswers} `);
    for (const link of languages) {
      const made = button(link.textContent, () => copyFrom(link, number));
      made.lang = link.lang;
      row.append(made, " ");
    }
    quote.after(row);
  });
}

function button(words, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "md-button kb-copy";
  made.textContent = words;
  made.addEventListener("click", act);
  return made;
}

const pages = new Map();

/** The same reply on the page in another language; where that page has others, it is shown instead. */
async function copyFrom(link, number) {
  try {
    if (!pages.has(link.href)) pages.set(link.href, fetch(link.href).then((found) => found.text()));
    const other = new DOMParser().parseFromString(await pages.get(link.href), "text/html");
    const quotes = other.querySelectorAll(QUOTES);
    if (quotes.length !== document.querySelectorAll(QUOTES).length) throw new Error("other replies");
    await copy(reply(quotes[number]), agents.dataset.kbCopied);
  } catch {
    location.href = link.href;
  }
}

/** A quotation as plain text: a blank line between paragraphs, a line for each item, code as it is. */
function reply(quote) {
  return [...quote.children].map(plain).filter(Boolean).join("\n\n");
}

function plain(block) {
  if (block.matches("ul, ol")) {
    const mark = (n) => (block.matches("ol") ? `${n + 1}. ` : "- ");
    return [...block.children].map((item, n) => mark(n) + inline(item)).join("\n");
  }
  const code = block.matches("pre, .highlight") && block.querySelector("code");
  if (code) return code.textContent.trimEnd();
  return block.matches("div, blockquote") && block.children.length ? reply(block) : inline(block);
}

const inline = (node) => words(node).replace(/ *\n */g, "\n").trim();

function words(node) {
  const parts = [...node.childNodes].map((child) => {
    if (child.nodeType === Node.TEXT_NODE) return child.data.replace(/\s+/g, " ");
    return child.nodeName === "BR" ? "\n" : child.nodeName === "BUTTON" ? "" : words(child);
  });
  return parts.join("");
}

if (agents) {
  tellFreshness();
  copyLinks();
  copyReplies();
}
