// Keys for everything: those of one letter only where nobody types, and only as long as the reviewer wants them.

const KEPT = "kbtool-keys";

export class Keys {
  /** `table` gives what each key does; arrows belong to `main` and scroll everywhere else. */
  constructor(table, main) {
    this.table = table;
    this.main = main;
    this.letters = localStorage.getItem(KEPT) !== "off";
    document.addEventListener("keydown", (event) => this.pressed(event));
  }

  /** Turn keys of one letter on or off, here and the next time. */
  turn(on) {
    this.letters = on;
    localStorage.setItem(KEPT, on ? "on" : "off");
  }

  pressed(event) {
    const typing = event.target.closest?.("input, textarea, select, dialog") || document.querySelector("dialog[open]");
    if (typing || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const arrow = event.key.startsWith("Arrow");
    if (arrow && !this.main.contains(event.target)) return;
    const act = (this.letters || arrow || event.key === "?") && this.table[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }
}
