// Draws the board from its JSON with what shapes.js makes. Every picture has a sentence beside it.

// Thirteen weeks: the usual range as a band, the target dashed, full dots for judged weeks at both ends of attention.
function spark(data) {
  const width = 200, height = 60, left = 4, right = width - 5, top = 5, bottom = height - 5
  const values = data.points.filter(p => p.value !== null).map(p => p.value)
  const marks = [...values, data.low, data.high, data.target].filter(v => v !== null)
  const svg = g("svg", { viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: "none", "aria-hidden": "true" })
  if (!values.length) return svg
  const flat = Math.max(...marks) === Math.min(...marks) ? 1 : 0
  const least = Math.min(...marks) - flat, most = Math.max(...marks) + flat, span = most - least
  const x = i => left + (right - left) * (data.points.length < 2 ? 1 : i / (data.points.length - 1))
  const y = v => bottom - (bottom - top) * (v - least) / span
  const steady = { "vector-effect": "non-scaling-stroke" }
  if (data.low !== null) {
    svg.append(g("rect", { x: 0, width, y: y(data.high), height: Math.max(y(data.low) - y(data.high), 1), fill: "var(--band)" }))
    for (const edge of data.dashed ? [data.low, data.high] : []) {
      svg.append(g("path", { d: `M0 ${y(edge)}H${width}`, stroke: "var(--muted)", "stroke-width": 1, "stroke-dasharray": "1 3", fill: "none", ...steady }))
    }
  }
  if (data.target !== null) {
    svg.append(g("path", { d: `M0 ${y(data.target)}H${width}`, stroke: "var(--muted)", "stroke-width": 1.5, "stroke-dasharray": "6 4", fill: "none", ...steady }))
  }
  let path = "", open = false
  data.points.forEach((p, i) => {
    if (p.value === null) { open = false; return }
    path += `${open ? "L" : "M"}${x(i).toFixed(1)} ${y(p.value).toFixed(1)}`
    open = true
  })
  svg.append(g("path", { d: path, fill: "none", stroke: "var(--ink)", "stroke-width": 2, "stroke-linejoin": "round", ...steady }))
  // Dots are zero-length strokes with round caps: they stay round however the picture is stretched.
  const dot = (i, v, size, colour) => svg.append(g("path", { d: `M${x(i).toFixed(1)} ${y(v).toFixed(1)}h0`, stroke: colour, "stroke-width": size, "stroke-linecap": "round", ...steady }))
  const last = data.points.length - 1
  data.points.forEach((p, i) => {
    if (p.value === null) return
    if (p.kind === "hollow") { dot(i, p.value, 9, "var(--muted)"); dot(i, p.value, 5, "var(--card)") }
    else if (i === last) dot(i, p.value, 9, "var(--ink)")
  })
  return svg
}

function tile(t, address, open) {
  const link = el("a", { class: `tile card ${t.state.tone === "quiet" || t.state.tone === "faint" ? (t.aim.tone === "concern" ? "concern" : t.state.tone) : t.state.tone}`, href: `metric?${address}&metric=${encodeURIComponent(t.key)}`, "aria-label": t.label, "data-key": t.key })
  link.onclick = event => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button) return
    event.preventDefault()
    open({ metric: t.key })
  }
  const value = t.number
    ? el("span", { class: `value${t.at || !t.judged ? " old" : ""}` }, t.more ? el("span", { class: "more" }, "more than") : "", t.number, t.unit ? el("span", { class: "unit" }, t.unit) : "")
    : el("span", { class: "value words" }, t.state.words)
  link.append(
    el("div", { class: "top" }, el("h3", {}, t.name), el("span", { class: "corner" }, t.corner)),
    el("div", { class: "about" }, t.about),
    el("div", { class: "figure" }, value, el("span", { class: "behind" }, t.at ? el("b", {}, `${t.at} · `) : "", t.behind)),
    el("div", { class: "spark" }, spark(t.spark)),
    el("div", { class: "foot" },
      t.number ? el("span", { class: `state ${t.state.tone}` }, shape(t.state.shape), t.state.words) : "",
      el("span", { class: `aim ${t.aim.tone}` }, t.aim.shape ? shape(t.aim.shape) : "", [t.aim.words, t.state.also?.toLowerCase()].filter(Boolean).join(" · "), t.since ? el("span", { class: "since" }, ` · ${t.since}`) : "")),
  )
  return link
}

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
  return el("section", { class: "triangle card" }, el("h2", {}, "Service triangle"), svg, hidden(board.triangle), corners(board))
}

function corners(board) {
  return el("dl", { class: "corners" }, ...board.corners.map(c => el("div", {}, el("dt", {}, c.name),
    el("dd", {}, el("b", {}, c.score === null ? "–" : String(c.score)), el("span", { class: c.tone }, c.tone === "concern" ? shape("down") : "", c.state)),
    el("dd", { class: "speak" }, c.speak))))
}

function talk(board, address, open) {
  const items = board.talk.map(one => {
    const words = [el("span", { class: `tag ${one.tone}` }, shape(one.shape), one.tag), el("b", {}, one.what), ` ${one.text}`]
    if (!one.metric && !one.list) return el("li", {}, ...words)
    const link = el("a", { href: one.list ? `exceptions?${address}&list=${one.list}` : `metric?${address}&metric=${encodeURIComponent(one.metric)}` }, ...words)
    link.onclick = event => {
      if (event.metaKey || event.ctrlKey || event.shiftKey || event.button) return
      event.preventDefault()
      open(one.list ? { list: one.list } : { metric: one.metric })
    }
    return el("li", {}, link)
  })
  if (board.nothing) items.unshift(el("li", {}, board.nothing))
  return el("section", { class: "talk" }, el("h2", {}, "Talk about"), el("ul", {}, ...items), el("p", { class: "chance" }, board.chance))
}

export default function (component) {
  const { data, parentElement, setTriggerValue } = component
  const root = parentElement.querySelector(".board"), board = data.board
  const open = what => setTriggerValue("open", what)
  const focused = root.querySelector(":focus")?.dataset?.key
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
