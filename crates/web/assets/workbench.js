// The desk: keys, and drafts that survive a crash of the browser.

const typing = (target) => target.closest("input, textarea, select, [contenteditable], dialog[open]") !== null;

const rows = () => [...document.querySelectorAll("tr[data-href], li[data-href]")].filter((row) => row.offsetParent);

const choose = (step) => {
  const all = rows();
  if (all.length === 0) return;
  const at = all.findIndex((row) => row.classList.contains("chosen"));
  const to = at < 0 ? 0 : Math.min(all.length - 1, Math.max(0, at + step));
  if (at >= 0) all[at].classList.remove("chosen");
  all[to].classList.add("chosen");
  all[to].scrollIntoView({ block: "nearest" });
  // The focus goes along, so that a screen reader hears the row and Tab goes on from here.
  all[to].querySelector("a")?.focus({ preventScroll: true });
};

let afterG = false;

document.addEventListener("keydown", (event) => {
  const form = event.target.closest?.("form");
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && form) {
    form.requestSubmit(form.querySelector("button[type=submit]"));
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape" && event.target.matches?.("[data-find]")) event.target.blur();
  if (event.isComposing || typing(event.target)) return;

  if (afterG) {
    afterG = false;
    const link = document.querySelector(`[data-go="${CSS.escape(event.key)}"]`);
    if (link) {
      event.preventDefault();
      link.click();
      return;
    }
  }
  const acts = {
    j: () => choose(1),
    k: () => choose(-1),
    g: () => { afterG = true; setTimeout(() => { afterG = false; }, 1500); },
    "/": () => {
      const find = document.querySelector("[data-find]");
      find?.focus();
      find?.select();
    },
    "?": () => document.getElementById("keys")?.showModal(),
    Enter: () => {
      const row = document.querySelector(".chosen[data-href]");
      if (row && !event.target.closest("a, button, summary")) location.assign(row.dataset.href);
      else return false;
    },
  };
  const act = acts[event.key] ?? (() => {
    const link = document.querySelector(`a[data-key="${CSS.escape(event.key)}"]`);
    if (link) link.click();
    else return false;
  });
  if (act() !== false) event.preventDefault();
});

// A click anywhere in a row opens it; selecting text does not.
document.addEventListener("click", (event) => {
  const row = event.target.closest("[data-href]");
  if (!row || event.target.closest("a, button, input, label, summary") || String(getSelection())) return;
  location.assign(row.dataset.href);
});

// Keeps what is typed in this browser until it is sent. The desk's computers belong to the bureau and its accounts are
// personal; the key holds the account, so that nobody is offered somebody else's draft. Passwords and files are never kept.
const keepDraft = (form) => {
  const key = `draft:${document.querySelector(".who-person")?.textContent ?? ""}:${form.dataset.draft}`;
  const plain = (field) => field.name && !["password", "file", "hidden", "submit"].includes(field.type);
  const read = () => {
    const kept = {};
    for (const field of form.elements) {
      if (!plain(field)) continue;
      if (field.type === "radio" || field.type === "checkbox") {
        if (field.checked) (kept[field.name] ??= []).push(field.value);
      } else if (field.value) (kept[field.name] ??= []).push(field.value);
    }
    return kept;
  };
  const write = (kept) => {
    for (const field of form.elements) {
      if (!plain(field)) continue;
      const values = kept[field.name] ?? [];
      if (field.type === "radio" || field.type === "checkbox") field.checked = values.includes(field.value);
      else field.value = values.shift() ?? "";
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
  };
  const said = form.querySelector("[data-saved]");
  const started = JSON.stringify(read());
  const stored = localStorage.getItem(key);
  if (stored && !document.querySelector("[data-error-summary]")) {
    const { kept, at } = JSON.parse(stored);
    if (JSON.stringify(kept) !== started) {
      const take = element("button", { type: "button", className: "link", textContent: "接着填" });
      const drop = element("button", { type: "button", className: "link", textContent: "不要了" });
      const offer = element(
        "div", { className: "notice teal", role: "status" },
        element("div", {}, element("p", { textContent: `这里有一份 ${at} 没有提交的草稿。` }),
          element("p", { className: "actions" }, take, drop)),
      );
      take.addEventListener("click", () => { write(kept); offer.remove(); });
      drop.addEventListener("click", () => { localStorage.removeItem(key); offer.remove(); });
      form.before(offer);
    }
  }
  whenTyped(form, 500, () => {
    localStorage.setItem(key, JSON.stringify({ kept: read(), at: clock() }));
    if (said) said.textContent = `草稿已保存 ${clock()}`;
  });
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    // Kept until the next page: a form that comes back with errors comes back filled, and then this is thrown away.
    sessionStorage.setItem("draft-sent", key);
  });
};

// The draft that was just sent is thrown away once a page has come that does not complain.
const sent = sessionStorage.getItem("draft-sent");
if (sent && !document.querySelector("[data-error-summary]")) {
  localStorage.removeItem(sent);
  sessionStorage.removeItem("draft-sent");
}

// Signing out leaves nothing behind.
document.querySelector("form[action='/logout']")?.addEventListener("submit", () => {
  for (const key of Object.keys(localStorage)) if (key.startsWith("draft:")) localStorage.removeItem(key);
});

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

// 常用答复: a click puts the phrase where the writer stopped; Alt+K looks for one, Enter takes the first that is left.
const offerPhrases = (card) => {
  const area = document.getElementById(card.dataset.phrases);
  const find = card.querySelector("input[type=search]");
  if (!area || !find) return;
  for (const hidden of card.querySelectorAll("[data-phrase-find], [data-phrase-keys]")) hidden.hidden = false;
  // Where she was before she went to the phrases; at the end when she has not been in the text yet.
  let at = area.value.length;
  area.addEventListener("blur", () => { at = area.selectionEnd; });
  const put = (phrase) => {
    const [before, after] = [area.value.slice(0, at), area.value.slice(at)];
    const start = before && !before.endsWith("\n") ? `${before}\n` : before;
    area.value = start + phrase + (after && !after.startsWith("\n") ? `\n${after}` : after);
    at = start.length + phrase.length;
    area.focus();
    area.setSelectionRange(at, at);
    area.dispatchEvent(new Event("input", { bubbles: true }));
  };
  for (const button of card.querySelectorAll("button[data-phrase]")) {
    button.addEventListener("click", (event) => {
      event.preventDefault();
      put(button.dataset.phrase);
    });
  }
  find.addEventListener("keydown", (event) => {
    if (event.isComposing || event.key !== "Enter") return;
    event.preventDefault();
    const first = [...card.querySelectorAll("button[data-phrase]")].find((button) => button.offsetParent);
    if (first) first.click();
  });
  document.addEventListener("keydown", (event) => {
    if (!event.altKey || event.key.toLowerCase() !== "k") return;
    event.preventDefault();
    find.focus();
    find.select();
  });
};

prepareForms();
document.querySelectorAll("[data-phrases]").forEach(offerPhrases);
document.querySelectorAll("form[data-draft]").forEach(keepDraft);
