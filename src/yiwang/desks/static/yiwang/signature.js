// SPDX-License-Identifier: Apache-2.0
// Draw a signature with finger, pen or mouse. Without scripts the page offers its other ways.
for (const form of document.querySelectorAll("[data-signature]")) {
  const part = form.querySelector("[data-drawing]");
  const pad = part.querySelector("canvas");
  const kept = part.querySelector("input[name=drawing]");
  const chosen = part.querySelector("input[value=drawn]");
  const pen = pad.getContext("2d");
  let drawing = false;
  pen.lineWidth = 9;
  pen.lineCap = pen.lineJoin = "round";
  pen.strokeStyle = "#101840";

  const place = (event) => {
    const box = pad.getBoundingClientRect();
    return [((event.clientX - box.left) * pad.width) / box.width, ((event.clientY - box.top) * pad.height) / box.height];
  };
  const keep = () => { kept.value = pad.toDataURL("image/png"); };

  part.hidden = false;
  if (kept.value) {
    const before = new Image();
    before.addEventListener("load", () => pen.drawImage(before, 0, 0));
    before.src = kept.value;
  } else if (!form.querySelector(".wrong")) {
    chosen.checked = true;
  }
  pad.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    pad.setPointerCapture(event.pointerId);
    drawing = true;
    chosen.checked = true;
    pen.beginPath();
    pen.moveTo(...place(event));
    pen.lineTo(...place(event));
    pen.stroke();
  });
  pad.addEventListener("pointermove", (event) => {
    if (!drawing) return;
    for (const one of event.getCoalescedEvents?.() ?? [event]) pen.lineTo(...place(one));
    pen.stroke();
  });
  for (const end of ["pointerup", "pointercancel"]) {
    pad.addEventListener(end, () => { if (drawing) { drawing = false; keep(); } });
  }
  part.querySelector("[data-clear]").addEventListener("click", () => {
    pen.clearRect(0, 0, pad.width, pad.height);
    kept.value = "";
  });
}
