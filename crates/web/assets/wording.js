// 改文书的文字: a blank goes where the writer stopped; Alt+K looks for one. The sample follows what is typed.
"use strict";
const offerBlanks = (card) => {
  const form = document.getElementById("wording-form");
  const areas = [...form.querySelectorAll("textarea[name^=paragraph-]")];
  let area = areas[0];
  let at = area ? area.value.length : 0;
  for (const one of areas) {
    one.addEventListener("blur", () => {
      area = one;
      at = one.selectionEnd;
    });
  }
  for (const name of card.querySelectorAll("[data-blank-name]")) name.hidden = true;
  card.querySelector("[data-blank-help]").hidden = false;
  const buttons = [...card.querySelectorAll("button[data-blank]")];
  for (const button of buttons) {
    button.hidden = false;
    button.addEventListener("click", () => {
      if (!area) return;
      const blank = `{${button.dataset.blank}}`;
      area.value = area.value.slice(0, at) + blank + area.value.slice(at);
      at += blank.length;
      area.focus();
      area.setSelectionRange(at, at);
      area.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }
  document.addEventListener("keydown", (event) => {
    if (!event.altKey || event.key.toLowerCase() !== "k" || buttons.length === 0) return;
    event.preventDefault();
    card.open = true;
    buttons[0].focus();
  });
};

// Asks the server for the sample of what is typed; without an answer the sample stays as it was.
const followSample = (form) => {
  whenTyped(form, 700, async () => {
    try {
      const answer = await fetch(form.dataset.sample, { method: "POST", body: new URLSearchParams(new FormData(form)) });
      if (!answer.ok) return false;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const sample = page.getElementById("sample");
      if (sample) document.getElementById("sample").replaceWith(sample);
    } catch {
      return false;
    }
    return true;
  });
};

document.querySelectorAll("[data-blanks]").forEach(offerBlanks);
document.querySelectorAll("form[data-sample]").forEach(followSample);
