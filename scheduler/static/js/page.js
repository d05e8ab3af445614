/* What every page does: go to the summary of errors, so that it is read first. */
document.querySelector("[data-focus-on-load]")?.focus();
