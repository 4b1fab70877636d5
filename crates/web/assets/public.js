// The public face. A draft is kept by the server under the form's own cookie, never in this browser:
// the telephone or the counter's computer may be somebody else's.
const saveWhilePaused = (form) => {
  const said = document.querySelector("[data-saved]");
  let pause;
  let last = "";
  const save = async () => {
    const body = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (typeof value === "string") body.append(name, value);
    const now = body.toString();
    if (now === last || form.dataset.sent) return;
    try {
      const answer = await fetch(form.dataset.autosave, { method: "POST", body, credentials: "same-origin" });
      if (!answer.ok) return;
      last = now;
      if (said) said.textContent = `已自动保存 ${clock()}`;
    } catch {
      // Offline for a moment: the next pause tries again, and the button sends everything anyway.
      if (said) said.textContent = "网络不通，还没有保存";
    }
  };
  form.addEventListener("input", () => {
    clearTimeout(pause);
    pause = setTimeout(save, 1500);
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "hidden") return;
    clearTimeout(pause);
    save();
  });
};

prepareForms();
document.querySelectorAll("form[data-autosave]").forEach(saveWhilePaused);
