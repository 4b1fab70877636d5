// 遮挡副本: boxes drawn over a picture, and words picked in a text. The form's own boxes hold what counts; this fills them.

const drawing = document.querySelector("[data-areas]");
const areasBox = document.querySelector("textarea[name=areas]");

if (drawing && areasBox) {
  const picture = drawing.querySelector("img");
  const tools = document.querySelector(".drawing-tools");
  let areas = [];

  const clamp = (value, from, to) => Math.min(Math.max(value, from), to);
  const size = () => [picture.naturalWidth || 1, picture.naturalHeight || 1];
  const fits = (area) => {
    const [width, height] = size();
    area.width = clamp(Math.round(area.width), 1, width);
    area.height = clamp(Math.round(area.height), 1, height);
    area.x = clamp(Math.round(area.x), 0, width - area.width);
    area.y = clamp(Math.round(area.y), 0, height - area.height);
  };
  const write = () => {
    areasBox.value = areas.map((area) => `${area.x}, ${area.y}, ${area.width}, ${area.height}`).join("\n");
  };
  const read = () => {
    areas = areasBox.value.split("\n").map((line) => line.split(/[,，\s、]+/).filter(Boolean).map(Number))
      .filter((numbers) => numbers.length === 4 && numbers.every((number) => number >= 0))
      .map(([x, y, width, height]) => ({ x, y, width, height }));
    draw();
  };
  const place = (box, area) => {
    const [width, height] = size();
    box.style.left = `${(area.x / width) * 100}%`;
    box.style.top = `${(area.y / height) * 100}%`;
    box.style.width = `${(area.width / width) * 100}%`;
    box.style.height = `${(area.height / height) * 100}%`;
  };
  const draw = (focus = -1) => {
    for (const box of drawing.querySelectorAll(".area")) box.remove();
    areas.forEach((area, index) => {
      const box = document.createElement("div");
      box.className = "area";
      box.tabIndex = 0;
      box.setAttribute("role", "group");
      box.setAttribute("aria-label", `方框 ${index + 1}`);
      box.dataset.index = index;
      place(box, area);
      drawing.append(box);
      if (index === focus) box.focus();
    });
  };
  const at = (event) => {
    const frame = picture.getBoundingClientRect();
    const [width, height] = size();
    return [
      clamp(((event.clientX - frame.left) / frame.width) * width, 0, width),
      clamp(((event.clientY - frame.top) / frame.height) * height, 0, height),
    ];
  };

  let held = null;
  drawing.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    const [x, y] = at(event);
    const index = event.target.dataset?.index;
    if (index === undefined) {
      areas.push({ x, y, width: 1, height: 1 });
      held = { index: areas.length - 1, from: [x, y], moves: false };
      draw();
    } else {
      held = { index: Number(index), from: [x, y], start: { ...areas[index] }, moves: true };
      event.target.focus();
    }
    drawing.setPointerCapture(event.pointerId);
    event.preventDefault();
  });
  drawing.addEventListener("pointermove", (event) => {
    if (!held) return;
    const [x, y] = at(event);
    const area = areas[held.index];
    if (held.moves) {
      Object.assign(area, { x: held.start.x + x - held.from[0], y: held.start.y + y - held.from[1] });
    } else {
      area.x = Math.min(x, held.from[0]);
      area.y = Math.min(y, held.from[1]);
      area.width = Math.abs(x - held.from[0]);
      area.height = Math.abs(y - held.from[1]);
    }
    fits(area);
    place(drawing.querySelector(`.area[data-index="${held.index}"]`), area);
  });
  const letGo = () => {
    if (!held) return;
    // A tap draws no box.
    const { width, height } = areas[held.index];
    if (!held.moves && (width < 4 || height < 4)) areas.splice(held.index, 1);
    held = null;
    write();
    draw();
  };
  drawing.addEventListener("pointerup", letGo);
  drawing.addEventListener("pointercancel", letGo);

  drawing.addEventListener("keydown", (event) => {
    const index = Number(event.target.dataset?.index ?? NaN);
    const area = areas[index];
    if (!area) return;
    const step = Math.max(1, Math.round(size()[0] / 100));
    const move = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] }[event.key];
    if (move) {
      if (event.shiftKey) { area.width += move[0]; area.height += move[1]; } else { area.x += move[0]; area.y += move[1]; }
      fits(area);
      place(event.target, area);
    } else if (event.key === "Delete" || event.key === "Backspace") {
      areas.splice(index, 1);
      draw(Math.min(index, areas.length - 1));
    } else {
      return;
    }
    write();
    event.preventDefault();
    event.stopPropagation();
  });
  document.querySelector("[data-add-area]")?.addEventListener("click", () => {
    const [width, height] = size();
    const area = { x: width * 0.3, y: height * 0.45, width: width * 0.4, height: height * 0.1 };
    fits(area);
    areas.push(area);
    write();
    draw(areas.length - 1);
  });
  document.querySelector("[data-drop-area]")?.addEventListener("click", () => {
    areas.pop();
    write();
    draw();
  });
  areasBox.addEventListener("input", read);
  if (picture.complete) read(); else picture.addEventListener("load", read);
  if (tools) tools.hidden = false;
}

const picked = document.querySelector("[data-cover-selection]");
if (picked) {
  const words = document.querySelector("textarea[name=words]");
  picked.closest(".copy-tools").hidden = false;
  // The selection must outlive the press on the button.
  picked.addEventListener("pointerdown", (event) => event.preventDefault());
  picked.addEventListener("click", () => {
    const chosen = String(getSelection()).split("\n").map((line) => line.trim()).filter(Boolean);
    if (chosen.length === 0) return;
    words.value = [...words.value.split("\n").filter(Boolean), ...chosen].join("\n");
    words.form.requestSubmit(words.form.querySelector("button[value=preview]"));
  });
}
