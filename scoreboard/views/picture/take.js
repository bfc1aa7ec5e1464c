// Takes a picture of the page along: as SVG, or drawn from it as PNG. Nothing leaves the browser.
//
// A picture is either SVG (Plotly's layers) or HTML of a component, which is put into the SVG with its styles and colours as they are
// now. The fonts go along, so that it looks the same elsewhere.
const SPACE = "http://www.w3.org/2000/svg", EDGE = 16, HEAD = 34, LINE = 18
const FONTS = [["Barlow", 400, "barlow-latin-400-normal"], ["Barlow", 600, "barlow-latin-600-normal"], ["Barlow", 700, "barlow-latin-700-normal"],
  ["Barlow Semi Condensed", 600, "barlow-semi-condensed-latin-600-normal"]]

function made(name, attributes, text) {
  const node = document.createElementNS(SPACE, name)
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value)
  if (text !== undefined) node.textContent = text
  return node
}

function address(blob) {
  return new Promise(resolve => {
    const reader = new FileReader()
    reader.onload = () => resolve(reader.result)
    reader.readAsDataURL(blob)
  })
}

async function fonts() {
  const faces = await Promise.all(FONTS.map(async ([family, weight, file]) => {
    const answer = await fetch(new URL(`app/static/${file}.woff2`, location.origin + "/"))
    return answer.ok ? `@font-face{font-family:"${family}";font-weight:${weight};src:url(${await address(await answer.blob())})}` : ""
  }))
  return faces.join("")
}

// Plotly draws several layers over each other.
function layers(place) {
  const drawn = [...place.querySelectorAll("svg.main-svg")]
  if (!drawn.length) return null
  const box = drawn[0].getBoundingClientRect(), group = made("g", {})
  for (const one of drawn) {
    const copy = one.cloneNode(true)
    for (const passing of copy.querySelectorAll(".hoverlayer, .drag")) passing.remove()
    group.append(copy)
  }
  return { group, width: box.width, height: box.height }
}

// A component's picture: its elements with the rules they are drawn by, and the values of the theme they name.
function page(place) {
  const inside = [...place.querySelectorAll("*")].map(it => it.shadowRoot).find(Boolean)
  const root = inside?.querySelector("[class]:not(style)")
  if (!root) return null
  const rules = [...inside.querySelectorAll("style")].map(it => it.textContent)
    .concat((inside.adoptedStyleSheets ?? []).map(sheet => [...sheet.cssRules].map(rule => rule.cssText).join("")))
  const style = rules.join("").replaceAll(":host", ".host"), look = getComputedStyle(root), box = root.getBoundingClientRect()
  const holder = document.createElementNS("http://www.w3.org/1999/xhtml", "div")
  holder.className = "host"
  for (const name of new Set(style.match(/--st-[\w-]+/g))) holder.style.setProperty(name, look.getPropertyValue(name))
  for (const name of ["font-family", "font-size", "line-height", "color"]) holder.style.setProperty(name, look.getPropertyValue(name))
  const told = document.createElementNS("http://www.w3.org/1999/xhtml", "style")
  told.textContent = style
  const copy = root.cloneNode(true)
  for (const button of copy.querySelectorAll(".change")) button.remove() // nothing can be pressed on a picture
  holder.append(told, copy)
  const frame = made("foreignObject", { width: box.width, height: box.height + 2 })
  frame.append(holder)
  return { group: frame, width: box.width, height: box.height }
}

function broken(text, width) {
  const lines = [""], most = Math.max(20, width / 6.2)
  for (const word of text.split(" ")) {
    if (lines.at(-1).length + word.length > most) lines.push("")
    lines[lines.length - 1] += (lines.at(-1) ? " " : "") + word
  }
  return lines
}

async function drawing(data, colours) {
  const place = document.querySelector(data.selector), drawn = place && (layers(place) ?? page(place))
  if (!drawn) return null
  const below = data.foot.flatMap(one => broken(one, drawn.width)), above = broken(data.name, drawn.width / 1.3)
  const top = EDGE + HEAD + LINE * (above.length - 1), width = Math.ceil(drawn.width) + 2 * EDGE
  const height = Math.ceil(drawn.height + top + LINE * below.length + EDGE + 6)
  const svg = made("svg", { xmlns: SPACE, width, height, viewBox: `0 0 ${width} ${height}` })
  svg.append(made("title", {}, data.name), made("desc", {}, data.foot.join(" ")), made("style", {}, await fonts()))
  svg.append(made("rect", { width, height, fill: colours.page }))
  const words = { "font-family": "Barlow, Arial, sans-serif", x: EDGE }
  above.forEach((line, at) => svg.append(made("text", { ...words, y: EDGE + 14 + LINE * at, "font-size": 17, "font-weight": 600, fill: colours.ink }, line)))
  const moved = made("g", { transform: `translate(${EDGE} ${top})` })
  moved.append(drawn.group)
  svg.append(moved)
  below.forEach((line, at) => svg.append(made("text", { ...words, y: top + drawn.height + LINE * (at + 1), "font-size": 12, fill: colours.muted }, line)))
  return { text: new XMLSerializer().serializeToString(svg), width, height }
}

function keep(blob, name) {
  const link = document.createElement("a")
  link.href = URL.createObjectURL(blob)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10000)
}

// From an address of the text itself: from any other, the browser would not give out what was drawn from a page's elements.
async function dots({ text, width, height }) {
  const image = new Image(), canvas = document.createElement("canvas"), scale = 2
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`
  await image.decode()
  canvas.width = width * scale
  canvas.height = height * scale
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height)
  return new Promise(resolve => canvas.toBlob(resolve, "image/png"))
}

export default function (component) {
  const { data, parentElement } = component, look = getComputedStyle(parentElement.host ?? parentElement)
  const value = name => look.getPropertyValue(name).trim()
  const colours = { page: value("--st-background-color"), ink: value("--st-text-color"), muted: value("--st-gray-text-color") }
  for (const button of parentElement.querySelectorAll("button")) {
    button.onclick = async () => {
      const found = await drawing(data, colours)
      if (!found) return
      const svg = button.value === "svg"
      keep(svg ? new Blob([found.text], { type: "image/svg+xml" }) : await dots(found), `${data.file}.${button.value}`)
    }
  }
}
