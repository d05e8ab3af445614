/* What every page does: go to the summary of errors, so that it is read first. */
document.querySelector("[data-focus-on-load]")?.focus();

/* A form that was sent is not sent again by a second click: the answer to the first would be lost, and with it, say,
   an address that is shown once.  After some seconds it may be, in case the first got lost. */
const AGAIN_AFTER = 5000;
const sentAt = new WeakMap();
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.getAttribute("method") !== "post") return;
  if (event.timeStamp - (sentAt.get(form) ?? -Infinity) < AGAIN_AFTER) event.preventDefault();
  else sentAt.set(form, event.timeStamp);
});
addEventListener("pageshow", () => document.querySelectorAll("form").forEach((form) => sentAt.delete(form)));
