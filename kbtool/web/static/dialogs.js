// Windows in front of the page: the reason of a waiver, the keys, a text that has lost its place.

import { button, el, say } from "./dom.js";

function open(title, ...children) {
  const before = document.activeElement;
  const dialog = el("dialog", { "aria-labelledby": "dialog-title" }, el("h2", { id: "dialog-title" }, title), children);
  dialog.addEventListener("close", () => {
    dialog.remove();
    before?.isConnected && before.focus();
  });
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/** Why a change of the original does not matter; null where the reviewer thought better of it. */
export function askReason() {
  return new Promise((resolve) => {
    let answer = null;
    const other = el("input", { type: "text", id: "reason-text", maxlength: 200, "aria-label": say("reason_text"),
      oninput: () => { form.elements.reason.value = "other"; } });
    const choice = (value, key, text, more) => el("label", { class: "choice" },
      el("input", { type: "radio", name: "reason", value, checked: value === "typo" }),
      el("span", {}, text), el("kbd", { "aria-hidden": "true" }, key), more);
    const form = el("form", { method: "dialog", onsubmit: () => {
      const picked = form.elements.reason.value;
      answer = picked === "other" ? other.value.trim() : picked;
    } },
    el("p", {}, say("waive_why")),
    choice("typo", "1", say("reason_typo")), choice("meaning", "2", say("reason_meaning")),
    choice("other", "3", say("reason_other"), other),
    el("div", { class: "actions" }, el("button", { class: "main" }, say("waive")),
      button(say("cancel"), { key: "Escape" }, () => dialog.close())));
    const dialog = open(say("waive_title"), form);
    dialog.addEventListener("keydown", (event) => {
      const radio = event.target !== other && form.querySelectorAll("[type=radio]")[["1", "2", "3"].indexOf(event.key)];
      if (!radio) return;
      event.preventDefault();
      radio.checked = true;
      (radio.value === "other" ? other : radio).focus();
    });
    dialog.addEventListener("close", () => resolve(answer));
    form.querySelector("[type=radio]").focus();
  });
}

const KEYS = [
  ["j", "key_next"], ["k", "key_previous"], ["n", "key_next_article"], ["p", "key_previous_article"],
  ["a", "key_approve"], ["t", "key_stands"], ["w", "key_waive"], ["r", "key_reject"], ["e", "key_edit"],
  ["Shift+A", "key_all"], ["u", "key_undo"], ["v", "key_preview"], ["s", "key_everything"], ["/", "key_filter"],
  ["Ctrl+↵", "key_save_approve"], ["Ctrl+S", "key_save"], ["Esc", "key_cancel"], ["?", "key_help"],
];

/** All keys, and the switch for those that are one letter. */
export function showHelp(enabled, toggle) {
  const box = el("input", { type: "checkbox", checked: enabled, onchange: () => toggle(box.checked) });
  const dialog = open(say("help_title"),
    el("dl", { class: "keys" }, KEYS.map(([key, text]) => el("div", {}, el("dt", {}, el("kbd", {}, key)),
      el("dd", {}, say(text))))),
    el("label", { class: "choice" }, box, el("span", {}, say("single_keys"))),
    el("p", { class: "note" }, say("help_files")),
    el("div", { class: "actions" }, button(say("close"), { key: "Escape", class: "main" }, () => dialog.close())));
}

/** A text whose segment is no longer there, so that nothing typed is lost. */
export function showLost(text) {
  const area = el("textarea", { readonly: true, rows: 6, "aria-label": say("lost_title") });
  area.value = text;
  const dialog = open(say("lost_title"), el("p", {}, say("lost")), area,
    el("div", { class: "actions" }, button(say("close"), { class: "main" }, () => dialog.close())));
}
