/* Ask a security key, and send what it answers in the form it was asked from. Nothing works here without a script. */

const form = document.querySelector("form[data-security-key]");
const message = form.querySelector("[data-message]");
let asking;

/** Ask the key for what the server wants; what was asked before is let go. */
async function ask() {
  asking?.abort();
  asking = new AbortController();
  const { signal } = asking;
  const options = JSON.parse(form.dataset.options);
  if (form.dataset.securityKey === "make") {
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
    return navigator.credentials.create({ publicKey, signal });
  }
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
  return navigator.credentials.get({ publicKey, signal });
}

async function go() {
  message.textContent = "";
  delete form.dataset.sent; // asking again is no second sending (app.js)
  try {
    const credential = await ask();
    form.elements.answer.value = JSON.stringify(credential.toJSON());
  } catch (error) {
    if (error.name === "AbortError") return;
    message.textContent = error.name === "InvalidStateError" ? form.dataset.known : form.dataset.refused;
    return;
  }
  form.submit();
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  go();
});
go();
