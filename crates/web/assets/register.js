// Registration: the caller's history appears while the number is typed, and the draft goes to the server by itself.

const registration = document.querySelector("form[data-register]");

if (registration) {
  const beside = document.querySelector("[data-caller]");
  const said = document.querySelector("[data-saved]");
  const field = (name) => registration.elements[name];

  let asked = "";
  const ask = async () => {
    const query = new URLSearchParams({
      phone: field("complainant_phone").value.trim(),
      name: field("respondent_name").value.trim(),
      code: field("respondent_credit_code").value.trim(),
      order: field("order_number").value.trim(),
    }).toString();
    if (!beside || query === asked) return;
    asked = query;
    const answer = await fetch(`/desk/register/caller?${query}`, { headers: { accept: "text/html" } }).catch(() => null);
    // A later question may have been asked while this one was on its way.
    if (answer && answer.ok && query === asked) beside.innerHTML = await answer.text();
  };
  whenTyped(registration, 350, ask);

  let sent = false;
  registration.addEventListener("submit", () => { sent = true; });
  whenTyped(registration, 1200, async () => {
    if (sent) return true;
    const answer = await fetch("/desk/register/draft", {
      method: "POST",
      body: new URLSearchParams(new FormData(registration)),
      headers: { "content-type": "application/x-www-form-urlencoded" },
    }).catch(() => null);
    const saved = answer !== null && answer.ok;
    if (said) said.textContent = saved ? `草稿已保存 ${clock()}` : "草稿还没有保存，请检查网络";
    return saved;
  });
}
