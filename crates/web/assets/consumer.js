// The consumer's form: the places fill each other, files go up while she types, a receipt can be printed.
const cascade = (form) => {
  const below = async (code) => {
    const answer = await fetch(form.dataset.cascade + code);
    if (!answer.ok) throw new Error(answer.status);
    return answer.json();
  };
  const fields = () => [...form.querySelectorAll("select[name^=level]")];
  const fill = (select, regions) => {
    select.replaceChildren(new Option("请选择", ""), ...regions.map(({ code, name }) => new Option(name, code)));
  };
  const deeper = (select, { label, regions }) => {
    const number = fields().indexOf(select) + 2;
    const field = select.closest(".field").cloneNode(true);
    field.classList.remove("bad");
    field.querySelector(".field-error")?.remove();
    const [own, words] = [field.querySelector("select"), field.querySelector("label")];
    own.name = `level${number}`;
    own.id = words.htmlFor = `f-level${number}`;
    own.removeAttribute("aria-describedby");
    own.removeAttribute("aria-invalid");
    words.textContent = label;
    fill(own, regions);
    select.closest(".field").after(field);
  };
  form.addEventListener("change", async ({ target }) => {
    if (!target.matches("select[name^=level]")) return;
    const own = target.closest(".field");
    own.classList.remove("bad");
    own.querySelector(".field-error")?.remove();
    const rest = fields().slice(fields().indexOf(target) + 1);
    for (const select of rest) select.closest(".field").remove();
    if (!target.value) return;
    const chosen = target.value;
    try {
      const found = await below(chosen);
      if (target.value === chosen && !found.last) deeper(target, found);
    } catch {
      // The button asks the server for the next list instead.
    }
  });
};

// 人机确认: the number whose hash with the token begins with enough zero bits.
const work = async (form) => {
  const token = form.elements.token.value;
  const bits = Number(form.dataset.work);
  const text = new TextEncoder();
  form.querySelector("[data-working]").hidden = false;
  for (let number = 0; ; number += 1) {
    const hash = await crypto.subtle.digest("SHA-256", text.encode(`${token}:${number}`));
    if (Math.clz32(new DataView(hash).getUint32(0)) < bits) continue;
    form.elements.work.value = number;
    form.requestSubmit();
    return;
  }
};

// One file after the other, so that a weak line carries each to its end.
const uploadAtOnce = (box) => {
  const input = box.querySelector("input[type=file]");
  const list = box.querySelector("[data-files-there]");
  const refused = box.querySelector("[data-refused]");
  const form = box.closest("form");
  const [most, largest] = [Number(box.dataset.most), Number(box.dataset.largest) * 1048576];
  box.classList.add("listed");
  let queue = Promise.resolve();
  let sending = 0;
  const refuse = (words) => {
    refused.textContent = words;
    refused.hidden = false;
  };
  const shown = () => { list.hidden = list.children.length === 0; };
  const row = (picture, name, ...rest) =>
    element("li", {}, picture, element("span", { className: "file-name", textContent: name }), ...rest);
  const kindOf = () => element("span", { className: "file-kind" });
  const done = ({ key, name, size, thumbnail }) => {
    const picture = thumbnail ? element("img", { src: thumbnail, alt: "", width: 48, height: 48 }) : kindOf();
    const remove = element("button", { className: "link danger", name: "remove", value: key, textContent: "移除" });
    remove.append(element("span", { className: "unseen", textContent: ` ${name}` }));
    return row(picture, name, element("span", { className: "file-size", textContent: size }), remove);
  };
  const send = (file) => new Promise((resolve) => {
    const progress = element("progress", { max: 1, value: 0 });
    progress.setAttribute("aria-label", `正在上传 ${file.name}`);
    const line = row(kindOf(), file.name, progress);
    list.append(line);
    shown();
    const body = new FormData();
    body.append("evidence", file);
    const request = new XMLHttpRequest();
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) progress.value = event.loaded / event.total;
    });
    request.addEventListener("loadend", () => {
      let answer = {};
      try { answer = JSON.parse(request.responseText); } catch { /* not ours: said below */ }
      const [taken] = answer.files ?? [];
      line.remove();
      if (taken && !list.querySelector(`button[value="${taken.key}"]`)) list.append(done(taken));
      if (!taken) refuse(answer.refused?.[0] ?? `“${file.name}”没有传上去，请检查网络后再选一次`);
      shown();
      resolve();
    });
    request.open("POST", box.dataset.upload);
    request.send(body);
  });
  const take = () => {
    refused.hidden = true;
    const files = [...input.files];
    input.value = "";
    for (const file of files) {
      if (file.size > largest) {
        refuse(`“${file.name}”超过 ${box.dataset.largest} MB，没有上传。录像可以剪短，照片可以截图后再传`);
      } else if (list.children.length + sending >= most) {
        refuse(`最多 ${most} 个文件，“${file.name}”没有上传。请先移除不需要的`);
      } else {
        sending += 1;
        queue = queue.then(() => { sending -= 1; return send(file); });
      }
    }
  };
  input.addEventListener("change", take);
  // On a slow line she may have chosen before this script came.
  if (input.files.length > 0) take();
  // Taking a file out does not send the page: what was typed stays as it is.
  list.addEventListener("click", async (event) => {
    const button = event.target.closest("button[name=remove]");
    if (!button) return;
    event.preventDefault();
    const answer = await fetch(`${box.dataset.upload}/${button.value}/remove`, { method: "POST" }).catch(() => null);
    if (!answer?.ok) {
      refuse("没有移除成功，请检查网络后再试");
      return;
    }
    button.closest("li").remove();
    shown();
    input.focus();
  });
  // The page waits for files on their way.
  form.addEventListener("submit", (event) => {
    if (!list.querySelector("progress")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const button = event.submitter;
    queue.then(() => form.requestSubmit(button?.isConnected ? button : undefined));
  }, { capture: true });
};

document.querySelectorAll("form[data-cascade]").forEach(cascade);
document.querySelectorAll("[data-upload]").forEach(uploadAtOnce);
if (crypto.subtle) document.querySelectorAll("form[data-work]").forEach(work);
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
