// Draws the chain: six stations with how long things stay, and between two of them what broke at that handoff. Both are given in
// the order of the work, so that reading, Tab and a narrow screen follow it.

function link(data, value, open, attributes, ...children) {
  const address = new URLSearchParams(data.address)
  address.set("see", value)
  const made = el("a", { href: `?${address}`, "data-see": value, "aria-current": value === data.picked ? "true" : null, ...attributes }, ...children)
  made.onclick = event => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button) return
    event.preventDefault()
    open(value)
  }
  return made
}

function station(one, at, data, open) {
  const figure = one.number
    ? [el("p", { class: "value" }, el("span", { class: "more" }, one.more ? "more than" : ""), one.number, el("span", { class: "unit" }, one.unit)),
      one.most ? el("div", { class: "stay", style: `--half:${one.half}%;--most:${one.most}%`, "aria-hidden": "true" }) : "",
      ...one.lines.map(line => el("p", { class: "lines" }, line))]
    : [el("p", { class: "missing" }, one.missing)]
  const agreed = one.agreed ? [el("div", { class: "agreed" },
    el("p", {}, el("span", { class: "label" }, "Owner: "), one.owner || "nobody yet"),
    el("p", {}, el("span", { class: "label" }, "Done means: "), one.done || "not written yet"),
    one.may ? link(data, one.key, open, { class: "change", "aria-label": `${one.name}: change owner and what done means` }, "Change") : "")] : []
  return el("li", { class: "station", style: `--at:${2 * at + 1}` }, el("h2", {}, one.name), el("p", { class: "what" }, one.what, el("br"), one.clock), ...figure,
    ...one.also.map(line => el("p", { class: "also" }, line)), ...agreed)
}

function handoff(one, at, data, open) {
  const inside = [el("span", { class: "name" }, one.key),
    el("span", { class: "count" }, one.count === null ? "–" : one.count.toLocaleString("en"), one.count === null ? "" : el("span", { class: "unit" }, one.count === 1 ? "miss" : "misses")),
    el("span", { class: "bar", style: `--share:${one.share}%`, "aria-hidden": "true" }), el("span", { class: "said" }, one.said)]
  return el("li", { class: "handoff", style: `--at:${2 * at + 2}` },
    one.count ? link(data, one.key, open, {}, ...inside) : el("span", { class: "nothing" }, ...inside))
}

export default function (component) {
  const { data, parentElement, setTriggerValue } = component
  const root = parentElement.querySelector(".chain"), chain = data.chain
  const open = value => setTriggerValue("open", value)
  const focused = root.querySelector(":focus")?.dataset?.see
  const steps = chain.stations.flatMap((one, at) => [station(one, at, data, open), ...chain.handoffs.slice(at, at + 1).map(each => handoff(each, at, data, open))])
  root.replaceChildren(
    el("p", { class: "where" }, el("b", {}, chain.name), ` · ${chain.span}`), el("h1", {}, chain.headline), el("p", { class: "detail" }, chain.detail),
    el("ol", { class: "flow" }, ...steps))
  if (focused) root.querySelector(`[data-see="${CSS.escape(focused)}"]`)?.focus()
}
