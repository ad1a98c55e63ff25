// What lies over the film: tinted masks, numbered rings, what a person measures and draws.

const BADGE_ANGLES = [-45, -135, 45, 135, 0, 180, -90, 90].map((angle) => (angle * Math.PI) / 180);
const painted = new WeakMap();

const css = (color) => `rgb(${color.join(" ")})`;

/** A patch of a mask as a picture of its own, one pixel for each of the film's. */
function patchPicture(patch, color) {
  const [, , width, height] = patch.box;
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const context = canvas.getContext("2d");
  const image = context.createImageData(width, height);
  const pixels = new Uint32Array(image.data.buffer);
  const ink = (0xff000000 | (color[2] << 16) | (color[1] << 8) | color[0]) >>> 0;
  let at = 0;
  patch.runs.forEach((length, place) => {
    if (place % 2) pixels.fill(ink, at, at + length);
    at += length;
  });
  context.putImageData(image, 0, 0);
  return canvas;
}

function drawLayers(context, view, layers, opacity) {
  context.save();
  context.globalAlpha = opacity;
  for (const layer of layers) {
    for (const patch of layer.patches) {
      if (!painted.has(patch)) painted.set(patch, patchPicture(patch, layer.color));
      const [x, y, width, height] = patch.box;
      const [left, top] = view.toScreen(x, y);
      context.drawImage(painted.get(patch), left, top, width * view.zoom, height * view.zoom);
    }
  }
  context.restore();
}

/** The ellipse around a box on the screen, some way from its corners. */
function ringOf(view, [x, y, width, height], unit) {
  const [cx, cy] = view.toScreen(x + width / 2, y + height / 2);
  const margin = 7 * unit;
  const rx = (width * view.zoom) / Math.SQRT2 + margin;
  return { cx, cy, rx, ry: (height * view.zoom) / Math.SQRT2 + margin };
}

/** A badge's place outside of its ring, within the picture, on no other ring or badge. */
function badgePlace(ring, radius, others, size) {
  const places = BADGE_ANGLES.map((angle) => {
    const [x, y] = [Math.cos(angle), Math.sin(angle)];
    const away = Math.hypot(x / ring.rx, y / ring.ry);
    const reach = radius * 1.5;
    return [
      ring.cx + ring.rx * x + ((x / ring.rx) / away) * reach,
      ring.cy + ring.ry * y + ((y / ring.ry) / away) * reach,
    ];
  });
  const free = ([x, y]) =>
    x > radius && y > radius && x < size[0] - radius && y < size[1] - radius &&
    !others.some((other) => {
      const away = Math.hypot((x - other.cx) / other.rx, (y - other.cy) / other.ry);
      return Math.abs(away - 1) * Math.min(other.rx, other.ry) <= radius * 1.2;
    });
  return places.find(free) ?? places[0];
}

function drawRings(context, view, pane, unit, judged) {
  const rings = pane.rings.map((mark) => ({ mark, ...ringOf(view, mark.box, unit) }));
  context.lineCap = "round";
  for (const { mark, cx, cy, rx, ry } of rings) {
    for (const [ink, width] of [["#000", 4.5], [css(mark.color), 2.5]]) {
      context.setLineDash(pane.dotted ? [0.1, 8 * unit] : []);
      context.lineWidth = (width + (pane.dotted ? 1 : 0)) * unit;
      context.strokeStyle = ink;
      context.beginPath();
      context.ellipse(cx, cy, rx, ry, 0, 0, 2 * Math.PI);
      context.stroke();
    }
  }
  context.setLineDash([]);
  const taken = [...rings];
  for (const ring of rings) {
    const sign = { right: " ✓", wrong: " ✗" }[judged(ring.mark.number)] ?? "";
    const others = taken.filter((other) => other !== ring);
    taken.push(drawBadge(context, ring, `${ring.mark.number}${sign}`, unit, others));
  }
}

function drawBadge(context, ring, text, unit, others) {
  const radius = (text.length > 2 ? 16 : 11) * unit;
  const { width, height } = context.canvas;
  const [x, y] = badgePlace(ring, radius, others, [width, height]);
  for (const [ink, size] of [["#000", radius + 1.5 * unit], [css(ring.mark.color), radius]]) {
    context.fillStyle = ink;
    context.beginPath();
    context.arc(x, y, size, 0, 2 * Math.PI);
    context.fill();
  }
  context.fillStyle = "#000";
  context.font = `700 ${13 * unit}px system-ui, sans-serif`;
  Object.assign(context, { textAlign: "center", textBaseline: "middle" });
  context.fillText(text, x, y + unit);
  return { cx: x, cy: y, rx: radius, ry: radius };
}

/** A measurement, or a place that was drawn: points of the film, as the tools leave them. */
function drawShape(context, view, shape, unit, label) {
  const points = cornersOf(shape).map(([x, y]) => view.toScreen(x, y));
  for (const [ink, width] of [["#000", 4], ["#fff", 2]]) {
    Object.assign(context, { strokeStyle: ink, lineWidth: width * unit });
    context.setLineDash(shape.tool === "measure" || ink === "#000" ? [] : [6 * unit, 5 * unit]);
    context.beginPath();
    points.forEach(([x, y], at) => (at ? context.lineTo(x, y) : context.moveTo(x, y)));
    if (shape.tool !== "measure") context.closePath();
    context.stroke();
  }
  context.setLineDash([]);
  if (label) drawLabel(context, label, points[points.length - 1], unit);
}

function drawLabel(context, label, [x, y], unit) {
  context.font = `600 ${13 * unit}px system-ui, sans-serif`;
  const width = context.measureText(label).width + 10 * unit;
  const left = Math.min(x + 8 * unit, context.canvas.width - width);
  const top = Math.max(y - 26 * unit, 0);
  context.fillStyle = "rgb(0 0 0 / 75%)";
  context.fillRect(left, top, width, 20 * unit);
  Object.assign(context, { fillStyle: "#fff", textAlign: "left", textBaseline: "middle" });
  context.fillText(label, left + 5 * unit, top + 11 * unit);
}

/** Corners of a shape in pixels of the film; a box holds the pixels that its ends lie in. */
function cornersOf({ tool, points, box }) {
  if (tool !== "box") return points;
  const [x, y, width, height] = box ?? boxOf(points);
  return [[x, y], [x + width, y], [x + width, y + height], [x, y + height]];
}

/** The whole pixels around points: x, y, width, height. */
function boxOf(points) {
  const [xs, ys] = [0, 1].map((axis) => points.map((point) => Math.floor(point[axis])));
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return [x, y, Math.max(...xs) - x + 1, Math.max(...ys) - y + 1];
}

/** How long a measurement is, in words: mm where the file states a spacing. */
function lengthWords([[x1, y1], [x2, y2]], spacing) {
  if (!spacing) return `${Math.hypot(x2 - x1, y2 - y1).toFixed(1)} px`;
  return `${Math.hypot((x2 - x1) * spacing.column, (y2 - y1) * spacing.row).toFixed(1)} mm`;
}
