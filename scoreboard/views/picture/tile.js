// Draws one tile: figure, thirteen weeks, state and target. A link to its metric, which a click opens in place.

// Thirteen weeks: the usual range as a band, the target dashed, full dots for judged weeks at both ends of attention. Where four weeks are
// judged together, they are the line and the dots, and the weeks a thin line behind them.
function spark(data) {
  const width = 200, height = 60, left = 4, right = width - 5, top = 5, bottom = height - 5
  const values = data.points.filter(p => p.value !== null).map(p => p.value)
  const marks = [...values, data.low, data.high, data.target].filter(v => v !== null)
  const svg = g("svg", { viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: "none", "aria-hidden": "true" })
  if (!values.length) return svg
  const low = data.least ?? Math.min(...marks), high = data.most ?? Math.max(...marks) // its own scale, or one that several share
  const flat = high === low ? 1 : 0
  const least = low - flat, most = high + flat, span = most - least
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
  const blocks = data.blocks ?? [], thin = blocks.length > 0
  svg.append(g("path", { d: path, fill: "none", stroke: thin ? "var(--muted)" : "var(--ink)", "stroke-width": thin ? 1 : 2, "stroke-linejoin": "round", ...steady }))
  // Dots are zero-length strokes with round caps: they stay round however the picture is stretched.
  const dot = (i, v, size, colour) => svg.append(g("path", { d: `M${x(i).toFixed(1)} ${y(v).toFixed(1)}h0`, stroke: colour, "stroke-width": size, "stroke-linecap": "round", ...steady }))
  if (thin) {
    const line = blocks.map((b, i) => `${i ? "L" : "M"}${x(b.at).toFixed(1)} ${y(b.value).toFixed(1)}`).join("")
    svg.append(g("path", { d: line, fill: "none", stroke: "var(--ink)", "stroke-width": 2, "stroke-linejoin": "round", ...steady }))
    blocks.forEach(b => dot(b.at, b.value, 8, "var(--ink)"))
    return svg
  }
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
    open({ metric: t.key }, t.key)
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
