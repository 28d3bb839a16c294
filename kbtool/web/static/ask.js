// Questions to the server that started this page.

/** An answer that is no success: what is wrong, where, what to do next. */
export class Fault extends Error {
  constructor(status, { error, where = "", hint = "" }) {
    super(error);
    this.status = status;
    this.where = where;
    this.hint = hint;
  }

  /** Whether somebody else changed what this page shows. */
  get changed() {
    return this.status === 409;
  }

  /** Everything in one line. */
  get whole() {
    return [this.message, this.where && `(${this.where})`, this.hint && `– ${this.hint}`].filter(Boolean).join(" ");
  }
}

async function answer(address, options) {
  let reply;
  try {
    reply = await fetch(address, options);
  } catch {
    throw new Fault(0, { error: "gone" });
  }
  if (reply.ok) return reply.json();
  const said = (reply.headers.get("content-type") ?? "").includes("json")
    ? await reply.json() : { error: await reply.text() };
  throw new Fault(reply.status, said);
}

/** Look something up. */
export function look(name, values = {}) {
  return answer(`/api/${name}?${new URLSearchParams(values)}`);
}

/** Have something done. */
export function act(name, values = {}) {
  return answer(`/api/${name}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(values),
  });
}

/** The page's own texts, all languages. */
export function texts() {
  return answer("/static/words.json");
}
