/* Opening hours of another place in the reader's own time. */

const DAYS = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"];
const ONE = /(?:\b(Mo|Tu|We|Th|Fr|Sa|Su)(?:\s*[-–]\s*(Mo|Tu|We|Th|Fr|Sa|Su))?\s+)?(\d\d?):(\d\d)\s*[-–]\s*(\d\d?):(\d\d)/g;
const DAY = 1440; // minutes

/**
 * "Mo-Fr 09:00-17:00; Sa 10:00-14:00" of a zone in words, for a reader where this browser is.
 * Nothing where the text says more than days and hours, or the zone is unknown: then it is better left as written.
 */
export function inReadersTime(hours, zone, { words, always, lang }) {
  const found = [...hours.matchAll(ONE)];
  if (!found.length || /[^\s;,]/.test(hours.replace(ONE, ""))) return "";
  try {
    const shift = offset(zone) - offset();
    return found.map((each) => one(each, shift, { words, always, lang })).join(" · ");
  } catch {
    return "";
  }
}

function one([, first = "Mo", last, ...times], shift, { words, always, lang }) {
  const [from, to] = [minutes(times[0], times[1]), minutes(times[2], times[3])];
  const start = DAYS.indexOf(first);
  const end = last ? DAYS.indexOf(last) : start;
  const daily = (end - start + 7) % 7 === 6;
  if (daily && to - from === DAY) return always;
  const here = from - shift;
  const said = words.replace("{from}", time(here, lang)).replace("{to}", time(to - shift, lang));
  return daily ? said : `${days(start, end, Math.floor(here / DAY), lang)}: ${said}`;
}

const minutes = (hours, rest) => Number(hours) * 60 + Number(rest);

function time(all, lang) {
  const within = ((all % DAY) + DAY) % DAY;
  return new Date(2026, 0, 5, Math.floor(within / 60), within % 60).toLocaleTimeString(lang, { timeStyle: "short" });
}

/** Names of the first and the last day; what begins on Monday there may begin on Sunday here. */
function days(start, end, later, lang) {
  const name = (day) => new Date(2026, 0, 5 + ((day + later + 7) % 7)).toLocaleDateString(lang, { weekday: "short" });
  return start === end ? name(start) : `${name(start)} – ${name(end)}`;
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
