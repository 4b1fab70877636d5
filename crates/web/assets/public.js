// The public face. A draft is kept by the server under the form's own cookie, never in this browser:
// the telephone or the counter's computer may be somebody else's.
const saveWhilePaused = (form) => {
  const said = document.querySelector("[data-saved]");
  const say = (words) => { if (said) said.textContent = words; };
  let last = "";
  const save = async () => {
    const body = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (typeof value === "string") body.append(name, value);
    const now = body.toString();
    if (now === last || form.dataset.sent) return true;
    const answer = await fetch(form.dataset.autosave, { method: "POST", body, credentials: "same-origin" }).catch(() => null);
    if (answer && answer.ok) {
      last = now;
      say(`已自动保存 ${clock()}`);
      return true;
    }
    say(answer ? "还没有保存，稍后再试" : "网络不通，还没有保存");
    return false;
  };
  const saveNow = whenTyped(form, 1500, save);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") saveNow();
  });
};

prepareForms();
document.querySelectorAll("form[data-autosave]").forEach(saveWhilePaused);
