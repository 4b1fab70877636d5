// What forms of both faces have in common. Everything here is a convenience: without it the form is sent as it stands.
"use strict";

const element = (tag, properties = {}, ...children) => {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
};

const clock = () => new Date().toTimeString().slice(0, 5);

// A second press sends nothing, and the button says that it is at work.
const sendOnce = (form) => {
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    const button = event.submitter;
    if (!button || !button.dataset.busy) return;
    button.dataset.label = button.textContent;
    // Not `disabled`: a disabled button is not sent with the form and loses the focus.
    button.setAttribute("aria-disabled", "true");
    button.textContent = button.dataset.busy;
  });
};

// Coming back with the back button: the page may be kept as it was left, so buttons have to work again.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll("[aria-disabled=true]")) {
      button.removeAttribute("aria-disabled");
      button.textContent = button.dataset.label ?? button.textContent;
    }
  }
});

// Asks before an act that cannot be taken back; without <dialog> the server's own page asks.
const askFirst = (button) => {
  button.addEventListener("click", (event) => {
    if (button.dataset.confirmed || !window.HTMLDialogElement) return;
    event.preventDefault();
    const yes = element("button", { className: button.className, textContent: button.textContent, type: "button" });
    const no = element("button", { className: "button quiet", textContent: "先不", type: "button" });
    const title = element("h2", { textContent: button.dataset.confirm, id: "ask-title" });
    const dialog = element(
      "dialog", {}, title,
      element("p", { textContent: button.dataset.confirmText ?? "" }),
      element("div", { className: "actions" }, yes, no),
    );
    dialog.setAttribute("aria-labelledby", "ask-title");
    no.addEventListener("click", () => dialog.close());
    yes.addEventListener("click", () => {
      dialog.close();
      button.dataset.confirmed = "yes";
      button.click();
      delete button.dataset.confirmed;
    });
    dialog.addEventListener("close", () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
    no.focus();
  });
};

// 还可以写 120 字. Said aloud only when the writer pauses.
const countCharacters = (area) => {
  const shown = document.getElementById(`${area.id}-count`);
  if (!shown) return;
  const most = Number(area.dataset.count);
  const spoken = element("span", { className: "unseen" });
  spoken.setAttribute("aria-live", "polite");
  shown.after(spoken);
  // The server counts and answers; cutting a paste short without a word would lose what the person wrote.
  area.removeAttribute("maxlength");
  let pause;
  const show = () => {
    const left = most - [...area.value].length;
    shown.textContent = left >= 0 ? `还可以写 ${left} 字` : `多了 ${-left} 字`;
    shown.classList.toggle("over", left < 0);
    clearTimeout(pause);
    pause = setTimeout(() => { spoken.textContent = shown.textContent; }, 1200);
  };
  area.addEventListener("input", show);
  show();
};

const inWords = (bytes) =>
  bytes >= 1048576 ? `${(bytes / 1048576).toFixed(1)} MB` : `${Math.max(1, Math.round(bytes / 1024))} KB`;

// On a slow line she may have begun to write before this script came: a field then holds something else than was sent.
const alreadyTyped = (form) => [...form.elements].some((field) => {
  if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
  if (field.type === "select-one") {
    const sent = [...field.options].findIndex((option) => option.defaultSelected);
    return field.selectedIndex !== Math.max(0, sent);
  }
  return "defaultValue" in field && field.type !== "hidden" && field.value !== field.defaultValue;
});

// Runs `act` once the writer has paused, also for what was written before this script came. `act` says whether it has
// done its work; if not, it is tried again as long as the page is open.
const whenTyped = (form, wait, act) => {
  let pause;
  const soon = (time) => {
    clearTimeout(pause);
    pause = setTimeout(now, time);
  };
  const now = async () => {
    clearTimeout(pause);
    if (await act() === false) soon(10 * wait);
  };
  form.addEventListener("input", () => soon(wait));
  if (alreadyTyped(form)) soon(wait);
  return now;
};

// Shows what was chosen, keeps adding instead of replacing, refuses what is too large, and lets a file be taken out again.
const listFiles = (box) => {
  const input = box.querySelector("input[type=file]");
  const list = box.querySelector("[data-chosen]");
  if (!input || !list || !window.DataTransfer) return;
  // Only now may the browser's own control, which shows the names of what was chosen, give way to ours.
  box.classList.add("listed");
  const most = Number(box.dataset.most) || Infinity;
  const largest = (Number(box.dataset.largest) || Infinity) * 1048576;
  const already = box.querySelectorAll(".file-list:not([data-chosen]) li").length;
  let kept = [];
  const put = () => {
    const transfer = new DataTransfer();
    for (const file of kept) transfer.items.add(file);
    input.files = transfer.files;
  };
  const row = (file, problem) => {
    const picture = file.type.startsWith("image/") && !problem
      ? element("img", { src: URL.createObjectURL(file), alt: "", width: 48, height: 48 })
      : element("span", { className: "file-kind" });
    const remove = element("button", { type: "button", className: "link danger", textContent: "移除" });
    remove.append(element("span", { className: "unseen", textContent: ` ${file.name}` }));
    remove.addEventListener("click", () => {
      kept = kept.filter((other) => other !== file);
      put();
      line.remove();
      list.hidden = list.children.length === 0;
      input.focus();
    });
    const line = element(
      "li", { className: problem ? "refused" : "" }, picture,
      element("span", { className: "file-name", textContent: file.name }),
      element("span", { className: "file-size", textContent: problem || inWords(file.size) }),
      remove,
    );
    return line;
  };
  const take = () => {
    for (const file of input.files) {
      if (kept.some((other) => other.name === file.name && other.size === file.size)) continue;
      const problem = file.size > largest ? `超过 ${box.dataset.largest} MB，没有加上`
        : already + kept.length >= most ? `最多 ${most} 个，没有加上` : "";
      if (!problem) kept.push(file);
      list.append(row(file, problem));
    }
    put();
    list.hidden = list.children.length === 0;
  };
  input.addEventListener("change", take);
  // On a slow line she may have chosen before this script came.
  if (input.files.length > 0) take();
  const drop = box.querySelector(".drop");
  for (const name of ["dragenter", "dragover"]) drop.addEventListener(name, () => drop.classList.add("over"));
  for (const name of ["dragleave", "drop"]) drop.addEventListener(name, () => drop.classList.remove("over"));
};

// Hides the rows that do not contain the words.
const filterRows = (input) => {
  const list = document.querySelector(input.dataset.filter);
  if (!list) return;
  const rows = [...list.querySelectorAll("tbody tr, li")];
  input.addEventListener("input", () => {
    const words = input.value.trim().toLowerCase().split(/\s+/);
    for (const line of rows) {
      const text = line.textContent.toLowerCase();
      line.hidden = !words.every((word) => text.includes(word));
    }
  });
};

const prepareForms = () => {
  document.querySelectorAll("[data-confirm]").forEach(askFirst);
  document.querySelectorAll("form[data-once]").forEach(sendOnce);
  document.querySelectorAll("textarea[data-count]").forEach(countCharacters);
  document.querySelectorAll("[data-files]").forEach(listFiles);
  document.querySelectorAll("input[data-filter]").forEach(filterRows);
  const summary = document.querySelector("[data-error-summary]");
  if (summary) {
    summary.focus();
    document.title = `有错误：${document.title}`;
  }
};
