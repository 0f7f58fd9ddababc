// SPDX-License-Identifier: Apache-2.0
// Shows the print buttons where scripts run; without scripts the browser's own menu prints.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
