// The clocks of a case, worked out from instants: open minutes of the branch for ours, all minutes for theirs.
const MINUTE = 60000, HOUR = 60, DAY = 1440

// Open minutes in [from, to), by the branch's spans.
function worked(spans, from, to) {
  let sum = 0
  for (const [opens, closes] of spans ?? []) sum += Math.max(0, Math.min(closes, to) - Math.max(opens, from))
  return sum / MINUTE
}

const ours = (c, hours, t) => c.ours + (c.ended ? 0 : worked(hours[c.branch], c.oursFrom, t))
const work = (c, hours, t) => c.work + (c.ended ? 0 : worked(hours[c.branch], c.workFrom, t))
const theirs = (c, t) => Math.max(0, ((c.ended ?? t) - c.opened) / MINUTE)
const pausedNow = (c, t) => c.paused && t < c.paused.until ? c.paused : null

// Working time has no days: hours and minutes, hours alone where minutes say nothing.
function workingSpan(minutes) {
  const whole = Math.floor(Math.max(0, minutes))
  if (whole < HOUR) return `${whole} min`
  if (whole >= 100 * HOUR) return `${Math.floor(whole / HOUR).toLocaleString("en-US")} h`
  return whole % HOUR ? `${Math.floor(whole / HOUR)} h ${String(whole % HOUR).padStart(2, "0")} min` : `${whole / HOUR} h`
}

function calendarSpan(minutes) {
  const whole = Math.floor(Math.max(0, minutes))
  if (whole < 2 * DAY) return workingSpan(whole)
  const days = Math.floor(whole / DAY), hours = Math.floor(whole % DAY / HOUR)
  return days >= 14 || !hours ? `${days.toLocaleString("en-US")} days` : `${days} d ${hours} h`
}

// What our clock says against the standard: words, the shape beside them, and whether it is a concern.
function against(c, hours, t) {
  const used = ours(c, hours, t)
  if (c.standard === null) return { words: "no standard", shape: "gap", tone: "faint", used }
  const left = c.standard - used
  if (c.ended) return left >= 0 ? { words: "in time", shape: "hit", tone: "quiet", used } : { words: `${workingSpan(-left)} past`, shape: "miss", tone: "quiet", used }
  if (left < 0) return { words: `${workingSpan(-left)} past`, shape: "down", tone: "concern", used }
  const pause = pausedNow(c, t)
  if (pause?.ours) return { words: pause.says, shape: "dash", tone: "faint", used }
  return { words: `${workingSpan(left)} left`, shape: left < c.standard / 5 ? "half" : "dot", tone: "quiet", used }
}

// When the customer was promised to hear next.
function update(at, t) {
  const minutes = (at - t) / MINUTE
  return minutes < 0 ? { words: `${calendarSpan(-minutes)} ago`, shape: "down", tone: "concern" } : { words: `in ${calendarSpan(Math.ceil(minutes))}`, shape: "dot", tone: "quiet" }
}

// Calls `draw` with the moment, now and whenever a minute may be over; the moment comes from the server and runs on from there.
function ticking(root, now, draw) {
  clearInterval(root.ticks)
  const began = Date.now(), moment = () => now + Date.now() - began
  draw(moment())
  root.ticks = setInterval(() => draw(moment()), 5000)
  return () => clearInterval(root.ticks)
}

const set = (node, text) => { if (node.textContent !== text) node.textContent = text }

function setMarked(node, said) {
  const key = `${said.shape} ${said.tone} ${said.words}`
  if (node.dataset.said === key) return
  node.dataset.said = key
  node.className = `mark ${said.tone}`
  node.replaceChildren(shape(said.shape), said.words)
}
