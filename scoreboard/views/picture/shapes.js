// What the pictures are made of: elements whose texts are set as text, and a shape for every state.
const SVG = "http://www.w3.org/2000/svg"

function el(tag, attributes = {}, ...children) {
  const node = tag.startsWith("svg:") ? document.createElementNS(SVG, tag.slice(4)) : document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) node.setAttribute(name, value === true ? "" : value)
  }
  node.append(...children.filter(child => child !== null && child !== undefined && child !== ""))
  return node
}
const g = (tag, attributes, ...children) => el(`svg:${tag}`, attributes, ...children)
const hidden = text => el("span", { class: "hidden" }, text)

// A shape for every state, so that none is told by colour alone.
function shape(kind) {
  const drawn = {
    dot: () => [g("circle", { cx: 5, cy: 5, r: 4, fill: "currentColor" })],
    small: () => [g("circle", { cx: 5, cy: 5, r: 2, fill: "currentColor" })],
    half: () => [g("circle", { cx: 5, cy: 5, r: 4, fill: "none", stroke: "currentColor", "stroke-width": 1.6 }),
      g("path", { d: "M5 1a4 4 0 0 0 0 8z", fill: "currentColor" })],
    ring: () => [g("circle", { cx: 5, cy: 5, r: 4, fill: "none", stroke: "currentColor", "stroke-width": 1.6, "stroke-dasharray": "2 1.6" })],
    dash: () => [g("path", { d: "M1 5h8", stroke: "currentColor", "stroke-width": 2 })],
    gap: () => [g("rect", { x: 1.2, y: 1.2, width: 7.6, height: 7.6, fill: "none", stroke: "currentColor", "stroke-width": 1.6 })],
    down: () => [g("path", { d: "M0 1h10L5 9.5z", fill: "currentColor" })],
    hit: () => [g("circle", { cx: 5, cy: 5, r: 4, fill: "none", stroke: "currentColor", "stroke-width": 1.6 }), g("circle", { cx: 5, cy: 5, r: 1.6, fill: "currentColor" })],
    miss: () => [g("circle", { cx: 5, cy: 5, r: 4, fill: "none", stroke: "currentColor", "stroke-width": 1.6 }), g("path", { d: "M2 8L8 2", stroke: "currentColor", "stroke-width": 1.6 })],
    wave: () => [g("path", { d: "M.5 6c1.5-4 3-4 4.5-1s3 3 4.5-1", fill: "none", stroke: "currentColor", "stroke-width": 1.8 })],
    up: () => [g("path", { d: "M0 9h10L5 .5z", fill: "currentColor" })],
  }
  return g("svg", { class: "shape", viewBox: "0 0 10 10", "aria-hidden": "true" }, ...(drawn[kind] ?? drawn.dot)())
}

// Draws once what stands there already is painted; what it returns calls it off.
function afterPaint(draw) {
  let later
  const frame = requestAnimationFrame(() => { later = setTimeout(draw) })
  return () => { cancelAnimationFrame(frame); clearTimeout(later) }
}
