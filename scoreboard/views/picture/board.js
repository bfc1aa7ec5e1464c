// Draws the board from its JSON with what shapes.js and tile.js make. Every picture has a sentence beside it.

// What was opened last, for the way back: the browser's Back gives the keyboard to it again, any other way here does not.
let opened = null, returning = null
addEventListener("popstate", () => { returning = opened })

function triangle(board) {
  const at = [[150, 32], [40, 222], [260, 222]], middle = [150, 158.7]
  const between = (p, share) => [middle[0] + (p[0] - middle[0]) * share, middle[1] + (p[1] - middle[1]) * share]
  const line = points => points.map(p => p.map(n => n.toFixed(1)).join(",")).join(" ")
  const svg = g("svg", { viewBox: "0 0 300 252", "aria-hidden": "true" })
  for (const share of [1, .66, .33]) {
    svg.append(g("polygon", { points: line(at.map(p => between(p, share))), fill: "none", stroke: "var(--line)", "stroke-width": share === 1 ? 2 : 1 }))
  }
  const known = board.corners.every(c => c.score !== null)
  const tips = board.corners.map((c, i) => between(at[i], (c.score ?? 0) / 100))
  if (known) svg.append(g("polygon", { points: line(tips), fill: "var(--st-primary-color)", "fill-opacity": .16, stroke: "var(--st-primary-color)", "stroke-width": 2.5, "stroke-linejoin": "round" }))
  board.corners.forEach((c, i) => {
    if (c.score !== null) {
      const colour = { concern: "var(--st-orange-color)", improvement: "var(--st-blue-color)" }[c.tone] ?? "var(--st-primary-color)"
      svg.append(g("circle", { cx: tips[i][0], cy: tips[i][1], r: 7, fill: c.hollow ? "var(--card)" : colour, stroke: colour, "stroke-width": 3 }))
    }
    const [x, y, anchor] = [[150, 18, "middle"], [0, 246, "start"], [300, 246, "end"]][i]
    svg.append(g("text", { x, y, "text-anchor": anchor }, c.name))
  })
  return el("section", { class: "triangle card" }, el("h2", {}, "Service triangle"), svg, hidden(board.triangle), corners(board), el("p", { class: "score" }, board.score))
}

function corners(board) {
  return el("dl", { class: "corners" }, ...board.corners.map(c => el("div", {}, el("dt", {}, c.name),
    el("dd", {}, el("b", {}, c.score === null ? "–" : String(c.score)), el("span", { class: c.tone }, c.tone === "concern" ? shape("down") : "", c.state)),
    el("dd", { class: "speak" }, c.speak))))
}

function talk(board, address, open) {
  const items = board.talk.map(one => {
    const words = [el("span", { class: `tag ${one.tone}` }, shape(one.shape), one.tag), " ", el("b", {}, one.what), ` ${one.text}`]
    if (!one.metric && !one.list) return el("li", {}, ...words)
    const href = one.list ? `exceptions?${address}&list=${one.list}` : `metric?${address}&metric=${encodeURIComponent(one.metric)}`
    const link = el("a", { href, "data-key": `talk ${one.list || one.metric}` }, ...words)
    link.onclick = event => {
      if (event.metaKey || event.ctrlKey || event.shiftKey || event.button) return
      event.preventDefault()
      open(one.list ? { list: one.list } : { metric: one.metric }, link.dataset.key)
    }
    return el("li", {}, link)
  })
  if (board.nothing) items.unshift(el("li", {}, board.nothing))
  return el("section", { class: "talk" }, el("h2", {}, "Talk about"), el("ul", {}, ...items), el("p", { class: "chance" }, board.chance))
}

export default function (component) {
  const { data, parentElement, setTriggerValue } = component
  const root = parentElement.querySelector(".board"), board = data.board
  const open = (what, from) => { opened = from; setTriggerValue("open", what) }
  const focused = root.querySelector(":focus")?.dataset?.key ?? returning
  returning = null
  const where = el("p", { class: "where" }, board.sample ? el("span", { class: "sample" }, "Sample data") : "", el("b", {}, board.name), ` · ${board.week}, ${board.span}`)
  const reported = board.reported ? el("p", { class: "reported" }, shape("ring"), board.reported) : ""
  const fresh = el("div", { class: "fresh" },
    ...board.stale.map(one => el("div", { class: "stale" }, shape("gap"), one.words)), el("div", {}, `${board.sample ? "Made-up company. " : ""}${board.fresh}`))
  root.replaceChildren(
    el("header", { class: "head" }, el("div", {}, where, reported, el("h1", {}, board.headline), el("p", { class: "detail" }, board.detail)), fresh),
    el("div", { class: "body" }, triangle(board), ...board.tiles.map(t => tile(t, data.address, open))),
    talk(board, data.address, open),
  )
  if (focused) root.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus()
}
