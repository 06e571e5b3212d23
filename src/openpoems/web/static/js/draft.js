// Keeps a form on the server at each pause in writing. Nothing is stored in the browser: see docs/decisions.
const PAUSE_MS = 1500;
const RETRY_MS = 10000;
const MOST_MS = 30000;

for (const form of document.querySelectorAll("form[data-draft]")) keep(form);

function keep(form) {
  const says = form.querySelector("[data-draft-says]");
  let timer = 0;
  let dirty = false;
  let leaving = false;
  let sending = null;

  form.addEventListener("input", () => { dirty = true; later(PAUSE_MS); });
  form.addEventListener("change", () => { dirty = true; later(PAUSE_MS); });
  form.addEventListener("submit", (event) => {
    leaving = true;
    clearTimeout(timer);
    if (!sending) return;
    event.preventDefault(); // what is under way arrives first, or it would come after what is sent now
    sending.finally(() => form.requestSubmit(event.submitter));
  });
  addEventListener("online", () => later(0));
  addEventListener("pageshow", () => { leaving = false; });
  document.addEventListener("visibilitychange", () => { if (dirty) later(0); });
  addEventListener("beforeunload", (event) => { if (dirty && !leaving) event.preventDefault(); });

  function later(ms) {
    clearTimeout(timer);
    timer = setTimeout(save, ms);
  }

  async function save() {
    if (!dirty || leaving) return;
    dirty = false;
    sending = send(form, true);
    const outcome = await sending;
    sending = null;
    if (outcome.kept) { says.textContent = outcome.says; return; }
    dirty = true;
    if (outcome.lost) tellLost(says);
    else { says.textContent = outcome.says || (outcome.refused && says.dataset.refused) || says.dataset.offline; }
    if (!outcome.says && !outcome.refused) later(RETRY_MS);
  }
}

async function send(form, mayRenew) {
  try {
    const body = new FormData(form);
    const answer = await fetch(form.dataset.draft, { method: "POST", body, signal: AbortSignal.timeout(MOST_MS) });
    if (answer.redirected) return { lost: true };
    if (answer.status === 403 && mayRenew && await renew(form)) return send(form, false);
    if (answer.status === 403) return { lost: true };
    const words = answer.headers.get("content-type").startsWith("application/json");
    if (!words && (answer.status === 400 || answer.status === 413)) return { refused: true };
    const told = await answer.json();
    if (told.was) form.elements.was.value = told.was;
    return answer.ok ? { kept: true, says: told.says } : { says: told.refusal };
  } catch {
    return {};
  }
}

// After signing in again the page needs the new session's token.
async function renew(form) {
  const answer = await fetch(location.href);
  if (answer.redirected || !answer.ok) return false;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const token = page.querySelector("input[name=csrfmiddlewaretoken]");
  if (!token) return false;
  for (const field of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) field.value = token.value;
  return true;
}

function tellLost(says) {
  const link = document.createElement("a");
  link.href = `${says.dataset.signIn}?next=${encodeURIComponent(location.pathname)}`;
  link.target = "_blank";
  link.rel = "noopener";
  link.textContent = says.dataset.again;
  says.replaceChildren(`${says.dataset.lost} `, link);
}
