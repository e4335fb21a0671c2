// Plotly looks for what the mouse rests on up to 50 ms after it moved. If the button is down by
// then, it takes that for dragging and forgets the mark, so that the click finds nothing. Here a
// press over a figure waits until Plotly has looked; what comes after it keeps its order.
(() => {
  const LOOKED_MS = 60;
  const given = new WeakSet();
  let movedAt = -Infinity;
  let held = [];

  const give = () => {
    const events = held;
    held = [];
    for (const event of events) {
      const again = new MouseEvent(event.type, event);
      given.add(again);
      event.target.dispatchEvent(again);
    }
  };

  const over = event => event.target.closest?.(".js-plotly-plot .draglayer");

  const hold = event => {
    event.stopImmediatePropagation();
    event.preventDefault();
    if (event.type !== "mousemove") held.push(event);
  };

  const see = event => {
    if (given.has(event)) return;
    if (held.length) hold(event);
    else if (over(event)) {
      const now = performance.now();
      if (event.type === "mousemove") movedAt = now;
      else if (event.type === "mousedown" && now - movedAt < LOOKED_MS) {
        setTimeout(give, LOOKED_MS - (now - movedAt));
        hold(event);
      }
    }
  };

  for (const type of ["mousemove", "mousedown", "mouseup"]) window.addEventListener(type, see, true);
})();
