/* Copying, with a word about it for everybody: in sight, and to screen readers. */

const TOLD = 2500; // ms that the word stays

/** Put a text on the clipboard; where the page may not (no https), the old way by a selected field. */
export async function copy(text, told) {
  if (navigator.clipboard) await navigator.clipboard.writeText(text);
  else copySelected(text);
  if (told) tell(told);
}

function copySelected(text) {
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "kb-unseen";
  document.body.append(field);
  field.select();
  document.execCommand("copy");
  field.remove();
}

let place;
let timer;

/** Say something in passing. */
export function tell(words) {
  if (!place) {
    place = document.createElement("p");
    place.className = "kb-said";
    place.setAttribute("role", "status");
    document.body.append(place);
  }
  place.textContent = words;
  clearTimeout(timer);
  timer = setTimeout(() => (place.textContent = ""), TOLD);
}
