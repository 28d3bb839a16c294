/* Small comforts on top of pages that work without them. Text is only ever set as text, never as HTML. */

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

/** Show opening hours in the reader's own time: "Mo-Fr 09:00-17:00" of a zone becomes two times of the reader's day. */
function tellHours() {
  for (const line of document.querySelectorAll("[data-kb-hours]")) {
    const found = /(\d\d):(\d\d)\s*[-–]\s*(\d\d):(\d\d)/.exec(line.dataset.kbHours);
    if (!found) continue;
    try {
      const shift = offset(line.dataset.kbZone) - offset();
      const time = (hours, minutes) => {
        const all = (Number(hours) * 60 + Number(minutes) - shift + 2880) % 1440;
        const day = new Date(2026, 0, 5, Math.floor(all / 60), all % 60);
        return day.toLocaleTimeString(root.lang, { hour: "2-digit", minute: "2-digit" });
      };
      line.textContent = line.dataset.kbWords
        .replace("{from}", time(found[1], found[2]))
        .replace("{to}", time(found[3], found[4]));
    } catch {
      /* an unknown zone: the hours stay as they are written */
    }
  }
}

/** Minutes that a zone is ahead of UTC now. */
function offset(zone) {
  const now = new Date();
  const options = { timeZone: zone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric",
    hour: "numeric", minute: "numeric" };
  const part = Object.fromEntries(new Intl.DateTimeFormat("en", options).formatToParts(now).map((p) => [p.type, p.value]));
  const there = Date.UTC(part.year, part.month - 1, part.day, part.hour, part.minute);
  return Math.round((there - now.getTime()) / 60000);
}

/** A click on a heading's sign copies its address as well as going there. */
function copyHeadings() {
  for (const sign of document.querySelectorAll("a.headerlink")) {
    sign.addEventListener("click", () => navigator.clipboard?.writeText(sign.href).catch(() => undefined));
  }
}

/** In the agents' edition: copy a reply, which stands in a quotation, or the address that customers have. */
function copyTexts() {
  const agents = document.querySelector(".kb-agents");
  for (const quote of agents ? document.querySelectorAll("article > blockquote") : []) {
    const button = document.createElement("button");
    button.className = "md-button kb-copy";
    button.type = "button";
    button.textContent = agents.dataset.kbReply;
    button.dataset.kbCopy = quote.innerText.trim();
    button.dataset.kbCopied = agents.dataset.kbCopied;
    quote.after(button);
  }
  for (const button of document.querySelectorAll("button[data-kb-copy]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(button.dataset.kbCopy);
      const words = button.textContent;
      button.textContent = button.dataset.kbCopied;
      setTimeout(() => (button.textContent = words), 2000);
    });
  }
}

suggestLanguage();
sendFeedback();
tellHours();
copyHeadings();
copyTexts();
