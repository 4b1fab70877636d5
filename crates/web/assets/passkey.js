// 通行密钥: asks the server what is to be signed, lets the browser's authenticator sign it, and sends the answer with the form.
const fromText = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));

const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

const known = (question) => question.credentials.map((id) => ({ type: "public-key", id: fromText(id) }));

const makeKey = async (question) => {
  const made = await navigator.credentials.create({
    publicKey: {
      challenge: fromText(question.challenge),
      rp: { id: question.rpId, name: "消保" },
      user: { id: fromText(question.userId), name: question.userName, displayName: question.userLabel },
      pubKeyCredParams: question.algorithms.map((alg) => ({ type: "public-key", alg })),
      authenticatorSelection: { residentKey: "preferred", userVerification: question.verification },
      excludeCredentials: known(question),
      attestation: "none",
    },
  });
  return {
    id: toText(made.rawId),
    clientData: toText(made.response.clientDataJSON),
    attestation: toText(made.response.attestationObject),
  };
};

const useKey = async (question) => {
  const used = await navigator.credentials.get({
    publicKey: {
      challenge: fromText(question.challenge),
      rpId: question.rpId,
      allowCredentials: known(question),
      userVerification: question.verification,
    },
  });
  return {
    id: toText(used.rawId),
    clientData: toText(used.response.clientDataJSON),
    authenticatorData: toText(used.response.authenticatorData),
    signature: toText(used.response.signature),
  };
};

const faults = {
  NotAllowedError: "没有完成：可能取消了，或者等得太久。请再试一次。",
  InvalidStateError: "这把通行密钥已经登记过了。",
  SecurityError: "现在的地址不能使用通行密钥。",
};

const preparePasskey = (form) => {
  const go = form.querySelector("[data-passkey-go]");
  const fault = form.querySelector("[data-passkey-fault]");
  const elsewhere = form.querySelector("[data-passkey-elsewhere]");
  if (!window.PublicKeyCredential || location.hostname !== form.dataset.passkeyHost) {
    if (elsewhere) elsewhere.hidden = false;
    return;
  }
  go.hidden = false;
  go.addEventListener("click", async () => {
    fault.textContent = "";
    try {
      const asked = await fetch(form.dataset.passkey, { method: "POST", headers: { accept: "application/json" } });
      if (!asked.ok || asked.redirected) {
        fault.textContent = "登录已经过期，请刷新这一页重来。";
        return;
      }
      const question = await asked.json();
      const answer = "passkeyMake" in form.dataset ? await makeKey(question) : await useKey(question);
      form.querySelector("input[name$=passkey]").value = JSON.stringify(answer);
      form.submit();
    } catch (error) {
      fault.textContent = faults[error.name] ?? "通行密钥没有用成，请再试一次或改用别的方式。";
    }
  });
};

document.querySelectorAll("form[data-passkey]").forEach(preparePasskey);
