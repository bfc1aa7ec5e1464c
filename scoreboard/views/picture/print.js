// Prints a page of its own, once for each time it was asked for: the browser's dialog shows that page and not this one.
let turn = 0

export default function (component) {
  const { data } = component
  if (data.turn === turn) return
  turn = data.turn
  document.getElementById("to-print")?.remove()
  const frame = document.createElement("iframe")
  frame.id = "to-print"
  frame.title = "The page that is printed"
  frame.style.cssText = "position:fixed;width:0;height:0;border:0"
  frame.ariaHidden = "true"
  frame.tabIndex = -1
  frame.onload = () => frame.contentDocument.fonts.ready.then(() => frame.contentWindow.print())
  frame.srcdoc = data.page
  document.body.append(frame)
}
