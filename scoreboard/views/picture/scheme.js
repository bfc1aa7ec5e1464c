// Asks for the page again when it turns dark or light while somebody looks at it: charts are drawn in the colours of the run they come from.
// A colour that follows the scheme passes over to the other one then, and the browser says so.
export default function (component) {
  const { parentElement, setTriggerValue } = component
  parentElement.querySelector(".scheme").ontransitionrun = () => setTriggerValue("changed", true)
}
